import * as z from 'zod';

/** A person's vote. Names the seal it is for: what the person saw, byte for byte. */
export const voteRequestSchema = z.strictObject({
  seal: z.string().regex(/^[0-9a-f]{64}$/, 'the seal is 64 lower-case hex digits, as shown with the session'),
  comment: z.string().trim().max(2_000).optional().describe('Required to deny.'),
});

export const cancelRequestSchema = z.strictObject({ comment: z.string().trim().max(2_000).optional() });
