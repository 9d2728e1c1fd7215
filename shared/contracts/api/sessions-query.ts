import * as z from 'zod';
import { SESSION_STATUSES } from '../../domain/session-status.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

/** A whole number in plain digits: `Number` alone would take an empty text, `0x5` and `1e1` too. */
const digits = (min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,4}$/, `a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** Query of `GET /v1/sessions`. Unknown members are refused, so that a misspelt filter never silently widens the answer. */
export const sessionsQuerySchema = z.strictObject({
  connection: z.string().max(63).exactOptional(),
  agent: z.string().max(600).exactOptional().describe('Subject of the agent.'),
  pipeline: z.string().max(500).exactOptional(),
  person: z.string().max(200).exactOptional().describe('Id of a person who voted.'),
  table: z.string().max(300).exactOptional().describe('What a statement touches, e.g. public.customers.'),
  status: z.enum(SESSION_STATUSES).exactOptional(),
  breakGlass: z.literal('true').exactOptional().describe('Only what ran under break-glass.'),
  review: z.literal('owed').exactOptional().describe('Only what ran under break-glass and is not reviewed yet.'),
  from: instant.exactOptional().describe('ISO 8601, inclusive.'),
  to: instant.exactOptional().describe('ISO 8601, exclusive.'),
  text: z.string().min(1).max(200).exactOptional().describe('Piece of the statement, any case.'),
  limit: digits(1, 100).default(25),
  cursor: z.string().max(2_000).exactOptional(),
});

export type SessionsQuery = z.output<typeof sessionsQuerySchema>;

/** Query of `GET /v1/sessions/{id}`. */
export const sessionQuerySchema = z.strictObject({ wait: digits(0, 25).default(0) });
