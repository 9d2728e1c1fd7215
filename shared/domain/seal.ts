import { digestOf } from '../platform/canonical.ts';
import type { JsonValue } from '../platform/json-value.ts';
import type { Agent } from './caller.ts';
import type { RowBound } from './row-bound.ts';
import type { Statement } from './statement.ts';

/** Everything a person says yes to. Two statements that differ in one byte have different seals. */
export interface SealedMatter {
  readonly connection: string;
  /** Digest of where the connection points, so that a renamed or re-pointed one is another target. */
  readonly target: string;
  readonly statement: Statement;
  readonly agent: Pick<Agent, 'issuerUrl' | 'subject' | 'act'>;
  readonly policyVersion: string;
  /** ISO 8601, UTC. After it the seal is worth nothing. */
  readonly expiresAt: string;
  /** 128 random bits: the same statement asked twice has two seals, and neither approval serves the other. */
  readonly nonce: string;
  /** How many rows the approval is good for. */
  readonly bound?: RowBound;
}

/**
 * The seal: SHA-256 over canonical JSON (RFC 8785), 64 lower-case hex digits. Over the exact text, never over a normal
 * form or a parser's fingerprint: `id=1` and `id IN (1,2,3)` share one of those.
 */
export function sealOf(matter: SealedMatter): string {
  return digestOf({
    v: 1,
    connection: matter.connection,
    target: matter.target,
    statement: matter.statement.text,
    parameters: plain(matter.statement.parameters),
    body: plain(matter.statement.body),
    agent: { issuer: matter.agent.issuerUrl, subject: matter.agent.subject },
    act: matter.agent.act.map((actor) => ({ issuer: actor.issuer, subject: actor.subject })),
    policyVersion: matter.policyVersion,
    expiresAt: matter.expiresAt,
    nonce: matter.nonce,
    ...(matter.bound === undefined ? {} : { bound: { ...matter.bound } }),
  });
}

/** Absent and null are different statements, so each is wrapped: `[]` is absent, `[null]` is null. */
function plain(value: JsonValue | undefined): JsonValue {
  return value === undefined ? [] : [value];
}
