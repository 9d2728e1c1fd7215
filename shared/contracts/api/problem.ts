import * as z from 'zod';
import type { Refusal } from '../../domain/refusal.ts';
import { effectSchema } from '../record/decision.ts';
import { wordingOf } from './problem-wording.ts';

/** RFC 9457. `code` is stable: programs read that, people read `detail`. */
export const problemSchema = z.strictObject({
  type: z.string().describe('urn:countersign:problem:<code>'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What is wrong and what to do about it.'),
  code: z.string(),
  session: z.string().exactOptional().describe('The session that recorded this request.'),
  member: z.string().exactOptional().describe('The member of the request that is wrong.'),
  position: z.int().exactOptional().describe('Offset in the statement, UTF-16 code units.'),
  reason: z.string().exactOptional().describe("A finer code: the statement's fault, or the target's SQLSTATE."),
  limitBytes: z.int().exactOptional(),
  policies: z
    .array(z.strictObject({ id: z.string(), message: z.string() }))
    .readonly()
    .exactOptional(),
  effects: z.array(effectSchema).readonly().exactOptional(),
  recorded: z.literal(false).exactOptional().describe('Present when the record could not be written.'),
});

export type Problem = z.output<typeof problemSchema>;

/** The one way from a refusal to what the caller reads. */
export function problemOf(refusal: Refusal, session?: string): Problem {
  const { status, title, detail } = wordingOf(refusal);
  return {
    type: `urn:countersign:problem:${refusal.code}`,
    title,
    status,
    detail,
    code: refusal.code,
    ...(session === undefined ? {} : { session }),
    ...membersOf(refusal),
  };
}

/** What a program may want beside the words. */
function membersOf(refusal: Refusal): Partial<Problem> {
  switch (refusal.code) {
    case 'invalid_request':
      return { member: refusal.member };
    case 'request_too_large':
      return { limitBytes: refusal.limitBytes };
    case 'statement_invalid':
      return {
        member: 'statement',
        reason: refusal.reason,
        ...(refusal.position === undefined ? {} : { position: refusal.position }),
      };
    case 'blocked_by_policy':
      return { policies: refusal.policies, effects: refusal.effects };
    case 'lease_not_allowed':
      return { member: 'lease' };
    default:
      return reasonOf(refusal);
  }
}

function reasonOf(refusal: Refusal): Partial<Problem> {
  switch (refusal.code) {
    case 'stopped':
      return { reason: refusal.scope };
    case 'rate_limited':
      return { reason: refusal.of };
    case 'vote_not_allowed':
      return { reason: refusal.why };
    case 'unauthenticated':
    case 'refused_earlier':
    case 'target_error':
      return { reason: refusal.reason };
    default:
      return {};
  }
}
