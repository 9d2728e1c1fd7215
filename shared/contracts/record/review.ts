import * as z from 'zod';
import type { Review } from '../../domain/review.ts';

export const reviewClosedSchema = z.strictObject({
  by: z.string(),
  verdict: z.enum(['accepted', 'objected']),
  comment: z.string(),
  via: z.enum(['slack', 'api']),
  at: z.string(),
  act: z.string(),
});

/** domain/review.ts as it is kept and shown. */
export const reviewSchema = z.strictObject({
  session: z.string(),
  groups: z.array(z.string()).readonly(),
  since: z.string(),
  closed: reviewClosedSchema.exactOptional(),
}) satisfies z.ZodType<Review>;
