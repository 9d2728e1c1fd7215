import { EMPTY_CHAIN, extend, headOf } from '../../shared/domain/chain.ts';
import type { Agent } from '../../shared/domain/caller.ts';
import type { EventBody, SessionEvent, Submitted } from '../../shared/domain/event.ts';
import type { ArchivedObject } from '../../shared/gateway/ports/session-store.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { sessionOf, type Session } from '../../shared/domain/session.ts';

export const agent: Agent = {
  kind: 'agent',
  issuer: 'ci',
  issuerUrl: 'https://ci.example',
  subject: 'bot',
  name: 'bot',
  groups: ['ci'],
  act: [],
  claims: {},
};

export const SEAL = 'a'.repeat(64);
const decision = { verdict: 'allow', policies: [], policyVersion: 'v' } as const;

/** One event of every kind, as it may stand in a chain. */
export const body = {
  submitted: (more: Partial<Submitted> = {}): EventBody => ({
    type: 'submitted',
    data: { agent, connection: 'orders', statement: { text: 'SELECT 1' }, requestDigest: '0'.repeat(64), ...more },
  }),
  refused: { type: 'refused', data: { code: 'x', message: '' } },
  decided: { type: 'decided', data: { phase: 'submit', decision, effects: [] } },
  blocked: { type: 'decided', data: { phase: 'submit', decision: { ...decision, verdict: 'block' }, effects: [] } },
  asked: {
    type: 'asked',
    data: {
      asks: [{ group: 'dba', quorum: 1, expiresSeconds: 60 }],
      expiresAt: '2026-11-21T10:30:00.000Z',
      nonce: 'n',
      seal: SEAL,
    },
  },
  voted: {
    type: 'voted',
    data: { person: 'p', verdict: 'approve', seal: SEAL, groups: ['dba'], via: 'api', at: '2026-11-21T10:01:00.000Z' },
  },
  approved: { type: 'ended', data: { how: 'approved', why: '' } },
  denied: { type: 'ended', data: { how: 'denied', why: '' } },
  expired: { type: 'ended', data: { how: 'expired', why: '' } },
  intent: { type: 'intent', data: { credential: 'c', target: 't', approvals: [] } },
  outcome: { type: 'outcome', data: { kind: 'failed', code: 'x', message: '', targetMs: 1 } },
} as const satisfies Record<string, EventBody | (() => EventBody)>;

let counter = 0;
export const nonce = (): string => (counter += 1).toString(16).padStart(32, '0');
export const newId = (): string => `ses_${nonce()}`;
export const NOW = new Date('2026-11-21T10:00:00.000Z');

export const chainOf = (id: string, bodies: readonly EventBody[], at = NOW): readonly SessionEvent[] =>
  extend(id, EMPTY_CHAIN, bodies, at, nonce);

export function sessionFrom(events: readonly SessionEvent[]): Session {
  const session = sessionOf(events);
  if (session === undefined) throw new Error('the chain tells no session');
  return session;
}

export const nextOf = (session: Session, bodies: readonly EventBody[], at = NOW): readonly SessionEvent[] =>
  extend(session.id, headOf(session.events), bodies, at, nonce);

/** What `markArchived` is told of an object; its bytes are made up. */
export const archivedObject = (id: string, at = NOW): ArchivedObject => ({
  key: `sessions/2026/11/21/${id}.ndjson.gz`,
  sha256: sha256Hex(id),
  bytes: id.length,
  at: at.toISOString(),
});
