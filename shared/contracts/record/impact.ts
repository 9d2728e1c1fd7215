import * as z from 'zod';
import { maskedResultSchema } from './result.ts';

const rows = z.int().min(0);

/** domain/impact.ts as it is kept and shown. */
export const impactSchema = z.strictObject({
  rows: z.discriminatedUnion('basis', [
    z.strictObject({ basis: z.literal('measured'), rows }),
    z.strictObject({ basis: z.literal('counted'), rows, why: z.string() }),
    z.strictObject({ basis: z.literal('estimated'), rows, why: z.string() }),
    z.strictObject({ basis: z.literal('unknown'), why: z.string() }),
  ]),
  uncounted: z.array(z.string()).readonly(),
  sample: maskedResultSchema.exactOptional(),
});

/** domain/row-bound.ts as it is kept and shown. */
export const rowBoundSchema = z.strictObject({
  rowsMax: rows.exactOptional(),
  tolerancePercent: z.number().min(0).exactOptional(),
});
