import * as z from 'zod';
import { rowBoundSchema } from './impact.ts';
import { ACTION_GROUPS, CLASSIFIED, UNREADABLE } from '../../domain/effect.ts';

const policyRef = z.strictObject({ id: z.string(), message: z.string() });
export const askSchema = z.strictObject({
  group: z.string(),
  quorum: z.int(),
  expiresSeconds: z.number(),
  denials: z.int().exactOptional().describe('Distinct people whose no ends it; absent: one.'),
  remind: z.literal('off').exactOptional(),
  leaseSeconds: z.int().exactOptional().describe('The longest that an approver may answer for its like.'),
  escalation: z
    .strictObject({ group: z.string(), afterSeconds: z.int() })
    .exactOptional()
    .describe('A second group, asked as well when the first has been silent for so long.'),
});

/** domain/decision.ts as it is kept. */
export const decisionSchema = z.discriminatedUnion('verdict', [
  z.strictObject({ verdict: z.literal('allow'), policies: z.array(policyRef).readonly(), policyVersion: z.string() }),
  z.strictObject({
    verdict: z.literal('approval'),
    asks: z.array(askSchema).readonly(),
    bound: rowBoundSchema.exactOptional(),
    policies: z.array(policyRef).readonly(),
    policyVersion: z.string(),
  }),
  z.strictObject({
    verdict: z.literal('block'),
    policies: z.array(policyRef).readonly(),
    policyVersion: z.string(),
    why: z.string().exactOptional(),
  }),
]);

/** domain/effect.ts as it is kept and shown. */
export const effectSchema = z.strictObject({
  action: z.string(),
  group: z.enum([...ACTION_GROUPS, CLASSIFIED, UNREADABLE]),
  resource: z.strictObject({
    kind: z.string(),
    name: z.string(),
    columns: z.array(z.string()).readonly().exactOptional(),
  }),
  attributes: z.record(z.string(), z.union([z.boolean(), z.number(), z.string(), z.array(z.string()).readonly()])),
  at: z
    .array(z.strictObject({ start: z.int(), end: z.int() }))
    .readonly()
    .exactOptional(),
});
