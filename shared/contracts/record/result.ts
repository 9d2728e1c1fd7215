import * as z from 'zod';
import { jsonSchema } from '../json.ts';

/** A column of an answer: what it is, and whether and why it was masked. */
export const maskedColumnSchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  masked: z.boolean(),
  class: z.string().exactOptional(),
  rule: z.string().exactOptional(),
});

const shape = { columns: z.array(maskedColumnSchema).readonly(), rowCount: z.int(), truncated: z.boolean() };

/** domain/result-set.ts `MaskedResult` as it is kept and answered. */
export const maskedResultSchema = z.strictObject({
  ...shape,
  rows: z
    .array(z.array(jsonSchema).readonly())
    .readonly()
    .describe('Each row an array in column order: two columns may share a name.'),
});

/** The masked answer: in place, or by reference when it is too large for a session item. */
export const keptResultSchema = <B extends z.ZodType>(blob: B) =>
  z.union([z.strictObject({ inline: maskedResultSchema }), z.strictObject({ blob, ...shape })]);
