import * as z from 'zod';

/** A person's vote. Names the seal it is for: what the person saw, byte for byte. */
export const voteRequestSchema = z.strictObject({
  seal: z.string().regex(/^[0-9a-f]{64}$/, 'the seal is 64 lower-case hex digits, as shown with the session'),
  comment: z.string().trim().max(2_000).optional().describe('Required to deny.'),
});

const spelt = z.union([z.string().max(1_000), z.number(), z.boolean()]).transform(String);

/** Beside this statement, others of its shape: what is not bounded stays exactly as it is. */
const leaseRequestSchema = z
  .strictObject({
    minutes: z.int().min(1),
    runs: z.int().min(1),
    rows: z.int().min(1).describe('Returned or changed, over all runs together.'),
    parameters: z
      .array(
        z.strictObject({
          index: z.int().min(0).max(10_000).describe('Of `approval.shape.constants`.'),
          min: spelt.exactOptional(),
          max: spelt.exactOptional(),
          in: z.array(spelt).min(1).max(100).exactOptional(),
        }),
      )
      .max(100)
      .default([]),
  })
  .transform(({ parameters, ...terms }) => ({ ...terms, bounds: parameters }))
  .describe('Answers for statements of this shape as well, for a while. Only where policy says @lease.');

/** A no: for this statement, with the reason. */
export const denyRequestSchema: z.ZodType<z.output<typeof voteRequestSchema> & { lease?: undefined }> =
  voteRequestSchema;

export const approveRequestSchema = z.strictObject({
  ...voteRequestSchema.shape,
  lease: leaseRequestSchema.optional(),
});

export const cancelRequestSchema = z.strictObject({ comment: z.string().trim().max(2_000).optional() });

/** What somebody who was skipped says of a statement that ran under break-glass. */
export const reviewRequestSchema = z.strictObject({
  verdict: z.enum(['accepted', 'objected']),
  comment: z.string().trim().min(1, 'say what you looked at and what you think of it').max(2_000),
});
