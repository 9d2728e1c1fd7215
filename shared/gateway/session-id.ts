import { ulid } from 'ulid';
import { agentKey, type Agent } from '../domain/caller.ts';
import { sha256Hex } from '../platform/canonical.ts';

/**
 * Id of a new session. With an `Idempotency-Key` it follows from agent and key, so that the create itself (one
 * conditional write) tells a repeat from a first request, with no table of keys and no call more.
 */
export function sessionId(agent: Agent, idempotencyKey: string | undefined, now: Date): string {
  if (idempotencyKey === undefined) return `ses_${ulid(now.getTime()).toLowerCase()}`;
  return `ses_k${sha256Hex(JSON.stringify([agentKey(agent), idempotencyKey])).slice(0, 40)}`;
}
