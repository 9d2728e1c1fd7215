import * as z from 'zod';
import type { SessionEvent } from '../../domain/event.ts';
import { jsonObjectSchema, jsonSchema } from '../json.ts';
import { askSchema, decisionSchema, effectSchema } from './decision.ts';
import { leaseTermsSchema, shapeSchema } from './lease.ts';
import { impactSchema, rowBoundSchema } from './impact.ts';
import { keptResultSchema } from './result.ts';

const hex256 = z.string().regex(/^[0-9a-f]{64}$/);
const blobRef = z.strictObject({ sha256: hex256, bytes: z.int() });
const actor = z.strictObject({ issuer: z.string(), subject: z.string() });
const parameter = z.union([z.null(), z.boolean(), z.number(), z.string()]);

const agentSchema = z.strictObject({
  kind: z.literal('agent'),
  issuer: z.string(),
  issuerUrl: z.string(),
  subject: z.string(),
  name: z.string(),
  groups: z.array(z.string()).readonly(),
  owner: z.string().exactOptional(),
  act: z.array(actor).readonly(),
  claims: z.record(z.string(), z.string()),
});

const submitted = z.strictObject({
  agent: agentSchema,
  connection: z.string(),
  environment: z.string().exactOptional(),
  statement: z.union([z.strictObject({ text: z.string() }), z.strictObject({ blob: blobRef })]),
  parameters: z.union([z.array(parameter).readonly(), z.record(z.string(), parameter)]).exactOptional(),
  body: jsonSchema.exactOptional(),
  reason: z.string().exactOptional(),
  breakGlass: z.literal(true).exactOptional(),
  claimed: jsonObjectSchema.exactOptional(),
  requestDigest: hex256,
  unread: blobRef.exactOptional(),
});

const voted = z.strictObject({
  person: z.string(),
  verdict: z.enum(['approve', 'deny']),
  seal: hex256,
  groups: z.array(z.string()).readonly(),
  via: z.enum(['slack', 'api']),
  as: z
    .union([
      z.strictObject({ team: z.string(), user: z.string() }),
      z.strictObject({ identities: z.array(actor).readonly() }),
    ])
    .exactOptional(),
  at: z.string(),
  comment: z.string().exactOptional(),
  lease: leaseTermsSchema.exactOptional(),
});

const channel = { group: z.string(), channel: z.string() };
const told = z.strictObject({
  occasion: z.enum(['asked', 'halfway', 'last_call', 'escalation']),
  to: z.array(z.strictObject(channel)).readonly(),
  missed: z.array(z.strictObject({ ...channel, why: z.string() })).readonly(),
});

const maskedBy = z.strictObject({ class: z.string(), rule: z.string(), columns: z.array(z.int()).readonly() });
const masked = z.strictObject({
  masked: z.array(maskedBy).readonly(),
  revealed: z.array(maskedBy).readonly(),
  more: z.int().exactOptional(),
});

const answered = {
  targetMs: z.number(),
  unmasked: z.strictObject({ key: z.string().regex(/^[0-9a-f]{16}$/), hmac: hex256 }).exactOptional(),
};
const outcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('succeeded'), result: keptResultSchema(blobRef), ...answered }),
  z.strictObject({ kind: z.literal('failed'), code: z.string(), message: z.string(), ...answered }),
  z.strictObject({ kind: z.literal('unknown_outcome'), message: z.string(), targetMs: z.number() }),
]);

const link = {
  v: z.literal(1),
  session: z.string(),
  seq: z.int(),
  at: z.string(),
  nonce: z.string(),
  prev: hex256,
  hash: hex256,
};
const kind = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.strictObject({ type: z.literal(type), data, ...link });

/** An event as DynamoDB and the archive hold it. Strict: a member nobody wrote is a sign of somebody else's hand. */
export const eventSchema = z.discriminatedUnion('type', [
  kind('submitted', submitted),
  kind('refused', z.strictObject({ code: z.string(), message: z.string() })),
  kind(
    'decided',
    z.strictObject({
      phase: z.enum(['submit', 'run']),
      decision: decisionSchema,
      effects: z.array(effectSchema).readonly(),
      catalogueVersion: z.string().exactOptional(),
    }),
  ),
  kind(
    'asked',
    z.strictObject({
      asks: z.array(askSchema).readonly(),
      expiresAt: z.string(),
      nonce: z.string(),
      seal: hex256,
      bound: rowBoundSchema.exactOptional(),
      shape: shapeSchema.exactOptional(),
      target: hex256.exactOptional(),
    }),
  ),
  kind(
    'previewed',
    z.strictObject({
      impact: impactSchema,
      sealed: z.strictObject({ bound: rowBoundSchema, seal: hex256 }).exactOptional(),
    }),
  ),
  kind('voted', voted),
  kind('told', told),
  kind('escalated', z.strictObject({ from: z.string(), to: z.string() })),
  kind('break_glass', z.strictObject({ reason: z.string(), skipped: z.array(askSchema).readonly() })),
  kind(
    'ended',
    z.strictObject({
      how: z.enum(['approved', 'denied', 'expired', 'cancelled', 'blocked', 'failed']),
      why: z.string(),
      by: z.string().exactOptional(),
    }),
  ),
  kind(
    'intent',
    z.strictObject({
      credential: z.string(),
      target: z.string(),
      approvals: z.array(z.string()).readonly(),
      seal: hex256.exactOptional(),
      leases: z
        .array(z.strictObject({ lease: z.string(), by: z.string() }))
        .readonly()
        .exactOptional(),
    }),
  ),
  kind('joined', z.strictObject({ requestDigest: hex256, reason: z.string().exactOptional() })),
  kind('masked', masked),
  kind('outcome', outcome),
]) satisfies z.ZodType<SessionEvent>;
