import * as z from 'zod';

/** A connection as callers see it: never where it points, nor what opens it. */
export const connectionViewSchema = z.strictObject({
  name: z.string(),
  kind: z.string(),
  environment: z.string(),
  description: z.string().exactOptional(),
});

export type ConnectionView = z.output<typeof connectionViewSchema>;
