import * as z from 'zod';
import { gatewaySchema } from './gateway.ts';

/** One `.cedar` file of `config/policies/`. */
export const policyFileSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9._-]+\.cedar$/),
  text: z.string().max(1_048_576),
});

/** What is deployed: the whole configuration as one validated JSON object. Its digest is the policy version. */
export const bundleSchema = z.strictObject({
  gateway: gatewaySchema,
  policies: z.array(policyFileSchema).min(1).max(1_000),
});

export type Bundle = z.output<typeof bundleSchema>;
export type PolicyFile = z.output<typeof policyFileSchema>;
