import * as z from 'zod';
import type { RowBound } from '../../domain/row-bound.ts';

/** A million rows is more than anybody can have looked at; past it a bound says nothing. */
const MAX_ROWS = 1_000_000;

/** How many rows an approval is good for: annotations beside an @approval. */
export const rowBoundAnnotations = {
  rows_max: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,6})$/, '@rows_max is a whole number of rows, e.g. @rows_max("100")')
    .transform(Number)
    .refine((rows) => rows <= MAX_ROWS, `@rows_max is at most ${String(MAX_ROWS)}`)
    .optional(),
  rows_tolerance: z
    .string()
    .regex(
      /^(0|[1-9][0-9]?|100)%$/,
      '@rows_tolerance is a percentage from 0% to 100% of the measured rows, e.g. @rows_tolerance("10%")',
    )
    .transform((text) => Number(text.slice(0, -1)))
    .optional(),
} as const;

export function rowBoundOf(given: {
  readonly rows_max?: number | undefined;
  readonly rows_tolerance?: number | undefined;
}): { readonly bound?: RowBound } {
  const { rows_max: rowsMax, rows_tolerance: tolerancePercent } = given;
  if (rowsMax === undefined && tolerancePercent === undefined) return {};
  return {
    bound: {
      ...(rowsMax === undefined ? {} : { rowsMax }),
      ...(tolerancePercent === undefined ? {} : { tolerancePercent }),
    },
  };
}
