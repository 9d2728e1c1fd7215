import * as z from 'zod';
import { SESSION_STATUSES } from '../../domain/session-status.ts';
import { jsonObjectSchema } from '../json.ts';
import { askSchema, effectSchema } from '../record/decision.ts';
import { shapeSchema } from '../record/lease.ts';
import { impactSchema, rowBoundSchema } from '../record/impact.ts';
import { maskedResultSchema } from '../record/result.ts';
import { reviewClosedSchema } from '../record/review.ts';

const decisionSchema = z.strictObject({
  verdict: z.enum(['allow', 'approval', 'block']),
  policies: z.array(z.strictObject({ id: z.string(), message: z.string() })).readonly(),
  policyVersion: z.string(),
  why: z.string().exactOptional(),
});

const approvalSchema = z.strictObject({
  shape: shapeSchema.exactOptional().describe('What an approver may lease: the statement without its constants.'),
  groups: z.array(z.string()).readonly(),
  quorum: z.int().describe('Distinct people still needed at the start, over all groups.'),
  needed: z
    .array(
      z.strictObject({
        group: z.string(),
        more: z.int(),
        or: z.strictObject({ group: z.string(), more: z.int() }).exactOptional(),
      }),
    )
    .readonly()
    .describe('What is still needed: so many more people of the group, or of the one that is asked beside it.'),
  detail: z.string().exactOptional().describe('The same in words, while it waits.'),
  asks: z.array(askSchema).readonly(),
  impact: impactSchema
    .exactOptional()
    .describe('What it would touch, found out without keeping anything; absent until it is known.'),
  bound: rowBoundSchema
    .exactOptional()
    .describe('How many rows an approval is good for: when it changes more, all of it is rolled back.'),
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

const breakGlassSchema = z.strictObject({
  reason: z.string(),
  skipped: z.array(z.string()).readonly().describe('Groups that were not asked. Any of them may close the review.'),
  review: z
    .strictObject({
      state: z.enum(['owed', 'accepted', 'objected']),
      ...reviewClosedSchema.partial().shape,
    })
    .exactOptional(),
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
  breakGlass: breakGlassSchema.exactOptional().describe('It ran without waiting for people.'),
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
  statement: z
    .string()
    .exactOptional()
    .describe(
      'The exact statement, whole, also where `submitted` only names its digest; absent when it cannot be read back.',
    ),
  events: z.array(jsonObjectSchema).readonly(),
  chain: z.strictObject({ valid: z.boolean(), head: z.string(), length: z.int() }),
  archive: z.string().describe('Key of the object that holds this session in the archive bucket, once it has ended.'),
});

export const checkAnswerSchema = z.strictObject({
  decision: decisionSchema,
  effects: z.array(effectSchema).readonly(),
  approval: z.strictObject({ asks: z.array(askSchema).readonly() }).exactOptional(),
  breakGlass: z
    .strictObject({ runs: z.boolean(), skipped: z.array(z.string()).readonly() })
    .exactOptional()
    .describe('Where it was asked for: whether it would run without these groups, who would then review it.'),
  estimatedRows: z
    .int()
    .nullable()
    .exactOptional()
    .describe('Rows that the planner expects, where `estimate` asked for it; null: it cannot tell without running it.'),
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
