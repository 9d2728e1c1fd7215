import * as z from 'zod';

/** What became of a vote. */
export const voteReceiptSchema = z.strictObject({
  session: z.string(),
  kind: z.enum(['counted', 'already']),
  verdict: z.enum(['approve', 'deny']).exactOptional(),
  state: z.enum(['open', 'approved', 'denied']).exactOptional(),
  status: z.string(),
  lease: z.string().exactOptional().describe('The lease that the vote granted.'),
});

/** What became of a review. */
export const reviewReceiptSchema = z.strictObject({
  session: z.string(),
  kind: z.enum(['closed', 'already']),
  verdict: z.enum(['accepted', 'objected']),
});
