import { digestOf } from '../platform/canonical.ts';
import { toJson } from '../platform/json-value.ts';
import { hashed } from './event-text.ts';
import type { EventBody, SessionEvent } from './event.ts';

/** What the first event of every session names as the one before it. */
export const GENESIS = '0'.repeat(64);

export interface ChainHead {
  /** Number of the next event. */
  readonly seq: number;
  /** Hash of the last one. */
  readonly hash: string;
  /** ISO 8601: when the last one was written. */
  readonly at: string;
}

export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: GENESIS, at: '' };

/**
 * Appends events to a chain: each `hash` is SHA-256 over the canonical JSON (RFC 8785) of the event without it. The
 * clocks of two functions differ by seconds and may be set back; an event is never dated before the one it follows,
 * or a slow clock would break a chain that nobody touched.
 */
export function extend(
  session: string,
  head: ChainHead,
  bodies: readonly EventBody[],
  at: Date,
  nonce: () => string,
): readonly SessionEvent[] {
  const events: SessionEvent[] = [];
  const now = at.toISOString();
  const dated = now < head.at ? head.at : now;
  let prev = head.hash;
  for (const [index, body] of bodies.entries()) {
    const event = hashed({
      ...body,
      v: 1 as const,
      session,
      seq: head.seq + index,
      at: dated,
      nonce: nonce(),
      prev,
    });
    events.push(event);
    prev = event.hash;
  }
  return events;
}

/** What a chain is made of, whatever its events tell: enough to prove it, also for who does not know all their kinds. */
export type ChainLink = Pick<SessionEvent, 'session' | 'seq' | 'at' | 'prev' | 'hash'>;

export type ChainFault = {
  readonly seq: number;
  readonly fault: 'wrong_session' | 'wrong_number' | 'wrong_previous' | 'altered' | 'backdated';
};

/** The first event that breaks the chain, or nothing. Trusts nobody: every hash is computed again. */
export function findChainFault(events: readonly ChainLink[]): ChainFault | undefined {
  let prev = GENESIS;
  let at = '';
  for (const [seq, event] of events.entries()) {
    const { hash, ...unhashed } = event;
    const fault = faultOf(event, { session: events[0]?.session, seq, prev, at });
    if (fault !== undefined) return { seq, fault };
    if (digestOf(toJson(unhashed)) !== hash) return { seq, fault: 'altered' };
    prev = hash;
    at = event.at;
  }
  return undefined;
}

interface Expected {
  readonly session: string | undefined;
  readonly seq: number;
  readonly prev: string;
  readonly at: string;
}

function faultOf(event: ChainLink, expected: Expected): ChainFault['fault'] | undefined {
  if (event.session !== expected.session) return 'wrong_session';
  if (event.seq !== expected.seq) return 'wrong_number';
  if (event.prev !== expected.prev) return 'wrong_previous';
  return event.at < expected.at ? 'backdated' : undefined;
}

export const headOf = (events: readonly SessionEvent[]): ChainHead => {
  const last = events.at(-1);
  return last === undefined ? EMPTY_CHAIN : { seq: last.seq + 1, hash: last.hash, at: last.at };
};
