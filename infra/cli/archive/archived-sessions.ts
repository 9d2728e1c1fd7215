import { decodeTime } from 'ulid';
import { SESSIONS } from '../../../shared/domain/digest.ts';
import type { Session } from '../../../shared/domain/session.ts';
import type { ObjectReader } from '../../../shared/gateway/ports/object-store.ts';
import { dayOfKey, readChain, sessionOfKey } from '../../../shared/gateway/record/archive-object.ts';
import { readArchived } from '../../../shared/gateway/record/read-archived.ts';
import { isActId } from '../../../shared/domain/act.ts';

/** What was found at a key: a session, an act of a person on the gateway, or something that is neither. */
export type Found =
  | { readonly kind: 'session'; readonly key: string; readonly day: string; readonly session: Session }
  | { readonly kind: 'act'; readonly key: string; readonly day: string; readonly at: string; readonly act: object }
  | { readonly kind: 'skipped'; readonly key: string; readonly why: string };

/** When a session began; ISO 8601, `from` inclusive, `to` exclusive. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** Objects read ahead: hides the latency of S3. This many sessions, of at most 400 KB each, are in memory at once. */
export const READ_AHEAD = 8;

/** Every session of a period, day by day and by key within a day. What is corrupt or foreign is named, not dropped. */
export async function* archivedSessions(reader: ObjectReader, period: Period): AsyncGenerator<Found> {
  const reading: Promise<Found>[] = [];
  for await (const object of reader.list(SESSIONS, startAfter(period))) {
    if (!object.ok) throw new Error(object.error.message);
    const { key } = object.value;
    const day = dayOfKey(key);
    if (day !== undefined && isAfter(day, period)) break;
    reading.push(readOne(reader, key, day));
    if (reading.length < READ_AHEAD) continue;
    yield* within(period, await reading.shift());
  }
  for (const found of reading) yield* within(period, await found);
}

/** Keys begin with the day: everything before the first day sorts before its folder. */
const startAfter = ({ from }: Period): string | undefined =>
  from === undefined ? undefined : `${SESSIONS}${from.slice(0, 10).replaceAll('-', '/')}`;

const isAfter = (day: string, { to }: Period): boolean => to !== undefined && `${day}T00:00:00.000Z` >= to;

async function readOne(reader: ObjectReader, key: string, day: string | undefined): Promise<Found> {
  if (day === undefined) return { kind: 'skipped', key, why: 'no session has such a name' };
  const bytes = await reader.read(key);
  if (!bytes.ok) throw new Error(bytes.error.message);
  const content = bytes.value ?? new Uint8Array();
  if (isActId(sessionOfKey(key))) {
    const act = readChain(key, content);
    if (!act.ok) return { kind: 'skipped', key, why: act.error.message };
    return { kind: 'act', key, day, at: act.value.startedAt, act: act.value.events[0] };
  }
  const session = readArchived(key, content);
  return session.ok
    ? { kind: 'session', key, day, session: session.value }
    : { kind: 'skipped', key, why: session.error.message };
}

function* within({ from, to }: Period, found: Found | undefined): Generator<Found> {
  if (found === undefined) return;
  const at = beganAt(found);
  if (at !== undefined && ((from !== undefined && at < from) || (to !== undefined && at >= to))) return;
  yield found;
}

function beganAt(found: Found): string | undefined {
  if (found.kind === 'session') return found.session.startedAt;
  return found.kind === 'act' ? found.at : undefined;
}

/**
 * One session by its id; only its object is read. The id of most tells when it was made (a ULID), and a session begins
 * within the request that made it, so that day and the next are looked through first. Ids that follow from an
 * Idempotency-Key tell no time: for those, and where nothing was found, all keys are listed.
 */
export async function findArchived(reader: ObjectReader, id: string): Promise<Found | undefined> {
  const made = madeAt(id);
  const near = made === undefined ? undefined : await findIn(reader, id, { from: made, to: dayAfterNext(made) });
  return near ?? findIn(reader, id, {});
}

const ULID = /^(?:ses|act)_(?<ulid>[0-7][0-9a-hjkmnp-tv-z]{25})$/;

function madeAt(id: string): string | undefined {
  const { ulid } = ULID.exec(id)?.groups ?? {};
  return ulid === undefined ? undefined : new Date(decodeTime(ulid.toUpperCase())).toISOString();
}

const dayAfterNext = (at: string): string =>
  `${new Date(Date.parse(at) + 2 * 86_400_000).toISOString().slice(0, 10)}T00:00:00.000Z`;

async function findIn(reader: ObjectReader, id: string, period: Period): Promise<Found | undefined> {
  for await (const object of reader.list(SESSIONS, startAfter(period))) {
    if (!object.ok) throw new Error(object.error.message);
    const { key } = object.value;
    const day = dayOfKey(key);
    if (day !== undefined && isAfter(day, period)) return undefined;
    if (sessionOfKey(key) === id) return readOne(reader, key, day);
  }
  return undefined;
}
