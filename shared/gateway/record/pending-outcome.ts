import { eventSchema } from '../../contracts/record/event.ts';
import { findChainFault } from '../../domain/chain.ts';
import { OUTCOMES } from '../../domain/digest.ts';
import type { SessionEvent } from '../../domain/event.ts';
import type { Session } from '../../domain/session.ts';
import { canonicalJson, digestOf } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import { ok, type Result } from '../../platform/result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { SessionStore, StoreFault } from '../ports/session-store.ts';

/**
 * The second place for an outcome: S3, when the table does not take it. What ran is then not on record yet, but it is
 * not lost either: the sweep puts the very same event onto the chain that it was made for.
 */
export interface OutcomeSink {
  readonly outcomes: ObjectStore;
}

const keyOf = (event: Pick<SessionEvent, 'session' | 'hash'>): string =>
  `${OUTCOMES}${event.session}/${event.hash}.json`;

const bytesOf = (event: SessionEvent): Uint8Array => new TextEncoder().encode(`${canonicalJson(toJson(event))}\n`);

/** Sets an event aside. Its name is its hash, so doing it again changes nothing. */
export const setAside = (sink: OutcomeSink, event: SessionEvent): Promise<Result<unknown, StoreFault>> =>
  sink.outcomes.create(keyOf(event), bytesOf(event));

/** Reads what was set aside; `undefined` for anything that is not byte for byte what was written. */
export function readPending(bytes: Uint8Array): { readonly key: string; readonly event: SessionEvent } | undefined {
  const parsed = eventSchema.safeParse(jsonOf(bytes));
  if (!parsed.success || !Buffer.from(bytes).equals(bytesOf(parsed.data))) return undefined;
  const { hash, ...unhashed } = parsed.data;
  return digestOf(toJson(unhashed)) === hash ? { key: keyOf(parsed.data), event: parsed.data } : undefined;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
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
  const event = await findPending(deps, session);
  if (!event.ok) return event;
  if (event.value === undefined) return ok('none');
  const written = await deps.store.append(session, [event.value]);
  return written.ok ? ok(written.value === 'written' ? 'delivered' : 'none') : written;
}

async function findPending(
  { outcomes }: OutcomeSink,
  session: Session,
): Promise<Result<SessionEvent | undefined, StoreFault>> {
  for await (const object of outcomes.list(`${OUTCOMES}${session.id}/`)) {
    if (!object.ok) return object;
    const bytes = await outcomes.read(object.value.key);
    if (!bytes.ok) return bytes;
    const event = bytes.value === undefined ? undefined : readPending(bytes.value)?.event;
    if (event !== undefined && follows(session, event)) return ok(event);
  }
  return ok(undefined);
}

const follows = (session: Session, event: SessionEvent): boolean =>
  event.type === 'outcome' && findChainFault([...session.events, event]) === undefined;
