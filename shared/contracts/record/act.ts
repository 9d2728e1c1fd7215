import * as z from 'zod';
import type { Act } from '../../domain/act.ts';

const hex256 = z.string().regex(/^[0-9a-f]{64}$/);

export const stopScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent'), issuerUrl: z.string(), subject: z.string() }),
  z.strictObject({ kind: z.literal('connection'), connection: z.string() }),
  z.strictObject({ kind: z.literal('all') }),
]);

const link = {
  v: z.literal(1),
  session: z.string(),
  seq: z.literal(0),
  by: z.string(),
  at: z.string(),
  nonce: z.string(),
  prev: hex256,
  hash: hex256,
};

/** domain/act.ts as it is kept, in the table and in the archive. */
export const actSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('stopped'),
    data: z.strictObject({ scope: stopScopeSchema, reason: z.string() }),
    ...link,
  }),
  z.strictObject({
    type: z.literal('resumed'),
    data: z.strictObject({ stop: z.string(), scope: stopScopeSchema, reason: z.string() }),
    ...link,
  }),
  z.strictObject({
    type: z.literal('lease_revoked'),
    data: z.strictObject({ lease: z.string(), reason: z.string() }),
    ...link,
  }),
  z.strictObject({
    type: z.literal('reviewed'),
    data: z.strictObject({
      session: z.string(),
      verdict: z.enum(['accepted', 'objected']),
      comment: z.string(),
      via: z.enum(['slack', 'api']),
    }),
    ...link,
  }),
  z.strictObject({
    type: z.literal('people_told'),
    data: z.strictObject({
      session: z.string(),
      occasion: z.enum(['break_glass', 'review']),
      channels: z.array(z.string()).readonly(),
    }),
    ...link,
  }),
]) satisfies z.ZodType<Act>;
