import * as z from 'zod';

/** What became of a vote. */
export const voteReceiptSchema = z.strictObject({
  session: z.string(),
  kind: z.enum(['counted', 'already']),
  state: z.enum(['open', 'approved', 'denied']).exactOptional(),
  status: z.string(),
});
