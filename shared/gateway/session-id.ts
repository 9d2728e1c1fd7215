import { randomInt } from 'node:crypto';
import { ulid } from 'ulid';
import { agentKey, type Agent } from '../domain/caller.ts';
import { sha256Hex } from '../platform/canonical.ts';

/** From Node's pool of random bytes: the library's own source asks the system for each of sixteen letters. */
const LETTERS = 32;
const chance = (): number => randomInt(LETTERS) / LETTERS;

/**
 * Id of a new session. With an `Idempotency-Key` it follows from agent and key, so that the create itself (one
 * conditional write) tells a repeat from a first request, with no table of keys and no call more.
 */
export function sessionId(agent: Agent, idempotencyKey: string | undefined, now: Date): string {
  if (idempotencyKey === undefined) return `ses_${ulid(now.getTime(), chance).toLowerCase()}`;
  return `ses_k${sha256Hex(JSON.stringify([agentKey(agent), idempotencyKey])).slice(0, 40)}`;
}
