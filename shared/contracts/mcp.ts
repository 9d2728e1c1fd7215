import * as z from 'zod';
import { checkRequestSchema, contextSchema } from './api/execute.ts';

/**
 * What the tools of `/mcp` take. Words an agent reads at every turn, so each says one thing once; all of `tools/list`
 * stays under 1,500 tokens (a test counts them).
 */
const { connection, statement, parameters, body, reason } = checkRequestSchema.shape;

const ticket = z.string().max(200).optional().describe('Ticket id, where policy asks for one.');
const session = z.string().regex(/^ses_[a-z0-9]{1,80}$/, 'is the id of a session: ses_ and letters or digits');

export const executeInput = z.strictObject({
  connection,
  statement,
  parameters,
  body,
  reason,
  ticket,
  attempt: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe('The same call again returns the same session. Raise this to run a write once more on purpose.'),
});

export const checkInput = z.strictObject({ connection, statement, parameters, body, reason, ticket });

export const searchInput = z.strictObject({
  connection,
  query: z.string().max(200).default('').describe('Words in names of tables or columns; empty lists all.'),
});

export const nothing = z.strictObject({});

export const getSessionInput = z.strictObject({
  session,
  waitSeconds: z.int().min(0).max(20).default(20).describe('How long to hold the line for it to end.'),
});

export const cancelInput = z.strictObject({
  session,
  comment: z.string().max(1_000).optional().describe('Why.'),
});

/**
 * `_meta` of a call, as far as it has a meaning here: what the caller says of itself, kept apart from what its token
 * proves. Names without a prefix are free for use (MCP, "General fields"); traceparent is W3C Trace Context.
 */
export const provenanceSchema = z
  .looseObject({
    prompt: contextSchema.shape.prompt,
    pipeline: contextSchema.shape.pipeline,
    model: z.string().max(200).optional(),
    agent: z.string().max(200).optional(),
    traceparent: z
      .string()
      .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
      .optional(),
  })
  .transform(({ prompt, pipeline, model, agent, traceparent }) => ({ prompt, pipeline, model, agent, traceparent }));

export type ExecuteInput = z.output<typeof executeInput>;
