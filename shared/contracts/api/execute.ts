import * as z from 'zod';

/** A name in a request; the configuration decides which exist. */
const connectionName = z.string().min(1).max(63).describe('Name of the connection, e.g. "orders".');

/** Finite: JSON has no other numbers, and a target's idea of one past 2^53 would differ from ours. Send such as text. */
const parameter = z.union([z.null(), z.boolean(), z.number(), z.string().max(262_144)]);

export const parametersSchema = z
  .union([z.array(parameter).max(1_000), z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/), parameter)])
  .describe('`$1, $2` take a list, `:name` takes an object. Values never enter the text.');

/** What the caller says of itself. Kept as claimed, never trusted; known members have a meaning, others are kept as they are. */
export const contextSchema = z
  .object({
    prompt: z.string().max(65_536).optional().describe('The prompt that led here.'),
    pipeline: z.string().max(500).optional().describe('Pipeline run, e.g. a URL or an id.'),
    ticket: z.string().max(200).optional().describe('Ticket that this work belongs to.'),
  })
  .catchall(z.json())
  .describe('Claimed by the caller and recorded as such.');

const requestSchema = z.strictObject({
  connection: connectionName,
  statement: z
    .string()
    .min(1)
    // API Gateway puts U+FFFD where bytes were not UTF-8: what would run then is not what the agent wrote.
    .refine(
      (text) => !text.includes('\u{fffd}'),
      'holds U+FFFD, which stands where bytes were not UTF-8. Send it in UTF-8',
    )
    .describe('The exact thing to run; one statement.'),
  parameters: parametersSchema.optional(),
  body: z.json().optional().describe('Body of a request, for targets that take one.'),
  reason: z.string().max(2_000).optional().describe('Why, in a sentence an approver can judge.'),
  context: contextSchema.optional(),
  breakGlass: z
    .literal(true)
    .optional()
    .describe('Run without waiting for people, where policy lets this agent. They are told at once and owe a review.'),
  wait: z.int().min(0).max(25).optional().describe('Seconds to hold the line for an answer; 0 to 25.'),
});

/** The body of execute, and one member more. */
export const checkRequestSchema = z.strictObject({
  ...requestSchema.shape,
  estimate: z
    .boolean()
    .optional()
    .describe('Also ask the planner how many rows it would touch (EXPLAIN, which runs nothing).'),
});

export type CheckRequest = z.output<typeof checkRequestSchema>;

export const executeRequestSchema = requestSchema.refine(
  ({ breakGlass, reason = '' }) => breakGlass === undefined || reason.trim() !== '',
  { path: ['reason'], message: 'break-glass needs a reason: whoever is skipped reads it at once' },
);

export type ExecuteRequest = z.output<typeof executeRequestSchema>;

/** RFC-less but common: the same key with the same body is the same session. Printable ASCII, so that it logs safely. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'Idempotency-Key is 1 to 128 printable ASCII characters without spaces');
