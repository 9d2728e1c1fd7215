import * as z from 'zod';
import type { Lease, LeaseTerms } from '../../domain/lease.ts';
import type { Bound, Shape } from '../../domain/shape.ts';

const actor = z.strictObject({ issuer: z.string(), subject: z.string() });

/** domain/shape.ts as it is kept and shown. */
export const shapeSchema = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  constants: z
    .array(
      z.strictObject({
        type: z.enum(['integer', 'decimal', 'text', 'boolean', 'bits', 'null']),
        value: z.string(),
      }),
    )
    .readonly(),
}) satisfies z.ZodType<Shape>;

export const boundSchema = z.strictObject({
  index: z.int().min(0).max(10_000),
  min: z.string().max(100).exactOptional(),
  max: z.string().max(100).exactOptional(),
  in: z.array(z.string().max(1_000)).min(1).max(100).readonly().exactOptional(),
}) satisfies z.ZodType<Bound>;

/** What a vote grants, as it is kept. */
export const leaseTermsSchema = z.strictObject({
  minutes: z.int(),
  runs: z.int(),
  rows: z.int(),
  bounds: z.array(boundSchema).readonly(),
}) satisfies z.ZodType<LeaseTerms>;

/** domain/lease.ts as it is kept. */
export const leaseSchema = z.strictObject({
  id: z.string(),
  session: z.string(),
  by: z.string(),
  groups: z.array(z.string()).readonly(),
  agent: z.strictObject({ ...actor.shape, act: z.array(actor).readonly() }),
  connection: z.string(),
  target: z.string(),
  policyVersion: z.string(),
  shape: shapeSchema,
  bounds: z.array(boundSchema).readonly(),
  grantedAt: z.string(),
  expiresAt: z.string(),
  runs: z.int(),
  runsLeft: z.int(),
  rows: z.int(),
  rowsLeft: z.int(),
  revoked: z.strictObject({ by: z.string(), at: z.string(), reason: z.string() }).exactOptional(),
}) satisfies z.ZodType<Lease>;
