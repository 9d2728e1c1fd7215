import * as z from 'zod';

/** A column of an answer: what it is, and whether and why it was masked. */
export const maskedColumnSchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  masked: z.boolean(),
  class: z.string().exactOptional(),
  rule: z.string().exactOptional(),
});

/** The masked answer: in place, or by reference when it is too large for a session item. */
export const keptResultSchema = <B extends z.ZodType, J extends z.ZodType>(blob: B, json: J) => {
  const shape = { columns: z.array(maskedColumnSchema), rowCount: z.int(), truncated: z.boolean() };
  return z.union([
    z.strictObject({ inline: z.strictObject({ ...shape, rows: z.array(z.array(json)) }) }),
    z.strictObject({ blob, ...shape }),
  ]);
};
