import * as z from 'zod';
import { eventSchema } from '../../contracts/record/event.ts';
import { findChainFault } from '../../domain/chain.ts';
import { OUTCOMES } from '../../domain/digest.ts';
import { eventText } from '../../domain/event-text.ts';
import type { SessionEvent } from '../../domain/event.ts';
import type { Session } from '../../domain/session.ts';
import { digestOf } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import { ok, type Result } from '../../platform/result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { SessionStore, StoreFault } from '../ports/session-store.ts';

/**
 * The second place for an outcome: S3, when the table does not take it. What ran is then not on record yet, but it is
 * not lost either: the sweep puts the very same events onto the chain that they were made for.
 */
export interface OutcomeSink {
  readonly outcomes: ObjectStore;
}

/** The events of one outcome: what was masked, where anything was, and how it ended. */
type OutcomeEvents = readonly SessionEvent[];

const keyOf = ({ session, hash }: Pick<SessionEvent, 'session' | 'hash'>): string =>
  `${OUTCOMES}${session}/${hash}.json`;

const bytesOf = (events: OutcomeEvents): Uint8Array =>
  new TextEncoder().encode(events.map((event) => `${eventText(event)}\n`).join(''));

/** Sets an outcome aside. Its name is the hash of its last event, so doing it again changes nothing. */
export const setAside = async (sink: OutcomeSink, events: OutcomeEvents): Promise<Result<unknown, StoreFault>> => {
  const last = events.at(-1);
  return last === undefined ? ok(undefined) : sink.outcomes.create(keyOf(last), bytesOf(events));
};

/** Reads what was set aside; `undefined` for anything that is not byte for byte what was written. */
export function readPending(
  bytes: Uint8Array,
): { readonly key: string; readonly events: readonly SessionEvent[] } | undefined {
  const parsed = z.array(eventSchema).min(1).max(2).safeParse(linesOf(bytes));
  const last = parsed.data?.at(-1);
  if (!parsed.success || last === undefined || !Buffer.from(bytes).equals(bytesOf(parsed.data))) return undefined;
  return parsed.data.every(isHashed) ? { key: keyOf(last), events: parsed.data } : undefined;
}

const isHashed = ({ hash, ...unhashed }: SessionEvent): boolean => digestOf(toJson(unhashed)) === hash;

function linesOf(bytes: Uint8Array): unknown {
  try {
    const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trimEnd().split('\n');
    return lines.map((line): unknown => JSON.parse(line));
  } catch {
    return undefined;
  }
}

/**
 * Delivers the outcome of a run that the record still calls running, if one was set aside. Only the event that follows
 * the chain as it stands is taken; a fault means "not known", and nobody may conclude from it that there is none.
 */
export async function deliverPending(
  deps: OutcomeSink & { readonly store: SessionStore },
  id: string,
): Promise<Result<'delivered' | 'none', StoreFault>> {
  const stored = await deps.store.get(id);
  if (!stored.ok) return stored;
  const session = stored.value?.session;
  if (session?.status !== 'running') return ok('none');
  const events = await findPending(deps, session);
  if (!events.ok) return events;
  if (events.value === undefined) return ok('none');
  const written = await deps.store.append(session, events.value);
  return written.ok ? ok(written.value === 'written' ? 'delivered' : 'none') : written;
}

async function findPending(
  { outcomes }: OutcomeSink,
  session: Session,
): Promise<Result<OutcomeEvents | undefined, StoreFault>> {
  for await (const object of outcomes.list(`${OUTCOMES}${session.id}/`)) {
    if (!object.ok) return object;
    const bytes = await outcomes.read(object.value.key);
    if (!bytes.ok) return bytes;
    const events = bytes.value === undefined ? undefined : readPending(bytes.value)?.events;
    if (events !== undefined && follow(session, events)) return ok(events);
  }
  return ok(undefined);
}

const follow = (session: Session, events: OutcomeEvents): boolean =>
  events.at(-1)?.type === 'outcome' && findChainFault([...session.events, ...events]) === undefined;
