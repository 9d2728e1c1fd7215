import * as z from 'zod';
import { SESSION_STATUSES } from '../../domain/session-status.ts';
import { jsonObjectSchema } from '../json.ts';
import { askSchema, effectSchema } from '../record/decision.ts';
import { maskedResultSchema } from '../record/result.ts';

const decisionSchema = z.strictObject({
  verdict: z.enum(['allow', 'approval', 'block']),
  policies: z.array(z.strictObject({ id: z.string(), message: z.string() })).readonly(),
  policyVersion: z.string(),
  why: z.string().exactOptional(),
});

const approvalSchema = z.strictObject({
  groups: z.array(z.string()).readonly(),
  quorum: z.int().describe('Distinct people still needed at the start, over all groups.'),
  asks: z.array(askSchema).readonly(),
  expiresAt: z.iso.datetime(),
  votes: z
    .array(
      z.strictObject({
        person: z.string(),
        verdict: z.enum(['approve', 'deny']),
        via: z.enum(['slack', 'api']),
        at: z.string(),
        comment: z.string().exactOptional(),
      }),
    )
    .readonly(),
});

/** What everyone sees of a session: the answer to execute, to a poll, and a row of the list. */
export const sessionViewSchema = z.strictObject({
  session: z.string(),
  status: z.enum(SESSION_STATUSES),
  connection: z.string(),
  startedAt: z.string(),
  updatedAt: z.string(),
  agent: z.strictObject({ name: z.string(), issuer: z.string(), subject: z.string() }),
  decision: decisionSchema.exactOptional(),
  effects: z.array(effectSchema).readonly().exactOptional(),
  seal: z.string().exactOptional().describe('SHA-256 over what an approval binds.'),
  approval: approvalSchema.exactOptional(),
  ended: z.strictObject({ how: z.string(), why: z.string(), by: z.string().exactOptional() }).exactOptional(),
  result: maskedResultSchema.exactOptional(),
  error: z.strictObject({ code: z.string(), detail: z.string() }).exactOptional(),
  recorded: z.literal(false).exactOptional(),
  joined: z.literal(true).exactOptional().describe('The same was being asked already: this is that session.'),
  links: z.strictObject({ self: z.string(), poll: z.string() }),
});

/** One session, whole: with what was submitted and the chain of events that tells its story. */
export const sessionStorySchema = z.strictObject({
  ...sessionViewSchema.shape,
  submitted: jsonObjectSchema,
  events: z.array(jsonObjectSchema).readonly(),
  chain: z.strictObject({ valid: z.boolean(), head: z.string(), length: z.int() }),
  archive: z.string().describe('Key of the object that holds this session in the archive bucket, once it has ended.'),
});

export const checkAnswerSchema = z.strictObject({
  decision: decisionSchema,
  effects: z.array(effectSchema).readonly(),
  approval: z.strictObject({ asks: z.array(askSchema).readonly() }).exactOptional(),
  columns: z
    .array(
      z.strictObject({
        name: z.string(),
        masked: z.boolean(),
        class: z.string().exactOptional(),
        rule: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  note: z.string().exactOptional(),
});

export type SessionView = z.output<typeof sessionViewSchema>;
export type SessionStory = z.output<typeof sessionStorySchema>;
export type CheckAnswer = z.output<typeof checkAnswerSchema>;
