import { isDeepStrictEqual } from 'node:util';
import { agentKey } from '../../shared/domain/caller.ts';
import type { SessionEvent } from '../../shared/domain/event.ts';
import { openWork } from '../../shared/domain/open-work.ts';
import { sessionOf, type Session } from '../../shared/domain/session.ts';
import type { SessionFilter, SessionStore, StoredSession } from '../../shared/gateway/ports/session-store.ts';
import { err, ok } from '../../shared/platform/result.ts';
import { memoryControls, type MemoryControls } from './memory-controls.ts';

interface Row {
  events: string[];
  taskToken?: string;
  taskTurn?: number;
  claims?: ReadonlySet<string>;
  open?: { kind: string; due: string };
  deleteAfter?: Date;
}

export interface MemorySessionStore extends SessionStore {
  readonly rows: ReadonlyMap<string, Row>;
  sessionOf(id: string): Session;
}

const FAULT = { code: 'record_unavailable', message: 'not readable' } as const;

/** The port as the contract suite describes it, in memory: what stories are told over. */
export function memorySessionStore(controls: MemoryControls = memoryControls()): MemorySessionStore {
  const joined = new Map<string, { session: string; requestDigest: string }>();
  const rows = new Map<string, Row>();
  const read = (row: Row): Session | undefined => sessionOf(row.events.map((text) => JSON.parse(text) as SessionEvent));
  const kept = (events: readonly SessionEvent[]): string[] => events.map((event) => JSON.stringify(event));
  const storedAt = (id: string): StoredSession | undefined => {
    const link = joined.get(id);
    const row = rows.get(link?.session ?? id);
    const session = row === undefined ? undefined : read(row);
    if (row === undefined || session === undefined) return undefined;
    const { taskToken } = row;
    const sideCar = taskToken === undefined ? {} : { taskToken };
    return { session, sideCar, ...(link === undefined ? {} : { joinedBy: link.requestDigest }) };
  };
  const touch = (id: string, change: (row: Row) => void) => {
    const row = rows.get(id);
    if (row === undefined) return Promise.resolve(err({ ...FAULT, message: 'no such session' }));
    change(row);
    return Promise.resolve(ok(undefined));
  };
  return {
    rows,
    sessionOf: (id) => {
      const stored = storedAt(id);
      if (stored === undefined) throw new Error(`${id} is not in the store`);
      return stored.session;
    },
    create: (events, guard) => {
      const session = sessionOf(events);
      if (session === undefined) return Promise.resolve(err(FAULT));
      const there = storedAt(session.id);
      if (there !== undefined) {
        const own = isDeepStrictEqual(kept(there.session.events.slice(0, events.length)), kept(events));
        return Promise.resolve(ok(own ? { kind: 'created' } : { kind: 'exists', stored: there }));
      }
      const held = guard === undefined ? undefined : controls.hold(session.id, guard);
      if (held !== undefined) return Promise.resolve(ok({ kind: 'held', by: held }));
      rows.set(session.id, { events: kept(events), open: openWork(session, false) });
      return Promise.resolve(ok({ kind: 'created' }));
    },
    append: (before, events, guard) => {
      const row = rows.get(before.id);
      const after = sessionOf([...before.events, ...events]);
      if (after === undefined || row === undefined) return Promise.resolve(err(FAULT));
      const there = read(row);
      if (there?.head.hash !== before.head.hash) {
        const own = events.every((event) => there?.events[event.seq]?.hash === event.hash);
        return Promise.resolve(ok(own ? 'written' : 'conflict'));
      }
      const held = guard === undefined ? undefined : controls.hold(before.id, guard);
      if (held !== undefined) return Promise.resolve(ok({ kind: 'held', by: held }));
      row.events.push(...kept(events));
      if (after.status !== 'pending_approval' || after.ended !== undefined) row.open = openWork(after, true);
      return Promise.resolve(ok('written'));
    },
    join: (id, session, requestDigest) => {
      if (!rows.has(id) && !joined.has(id)) joined.set(id, { session, requestDigest });
      return Promise.resolve(ok(undefined));
    },
    get: (id) => {
      const stored = storedAt(id);
      return Promise.resolve(stored === undefined && rows.has(id) ? err(FAULT) : ok(stored));
    },
    list: (filter, limit, cursor) => {
      const partition = filter.agentKey ?? '*';
      const at = cursor === undefined ? undefined : decode(cursor);
      if (cursor !== undefined && at?.partition !== partition) return Promise.resolve(err({ code: 'invalid_cursor' }));
      const found = [...rows.keys()]
        .flatMap((id) => storedAt(id)?.session ?? [])
        .filter((session) => matches(filter, session))
        .map((session) => ({ session, key: `${session.startedAt}#${session.id}` }))
        .filter(({ key }) => at === undefined || key < at.after)
        .sort((left, right) => (left.key < right.key ? 1 : -1));
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const more = last !== undefined && found.length > page.length;
      const next = more
        ? { next: Buffer.from(JSON.stringify({ partition, after: last.key })).toString('base64url') }
        : {};
      return Promise.resolve(ok({ sessions: page.map(({ session }) => session), ...next }));
    },
    countWaiting: (key, atMost) => {
      const waiting = [...rows.keys()].filter((id) => {
        const session = storedAt(id)?.session;
        return session?.status === 'pending_approval' && agentKey(session.submitted.agent) === key;
      });
      return Promise.resolve(ok(Math.min(waiting.length, atMost)));
    },
    saveTaskToken: (id, token, turn = 0) =>
      touch(id, (row) => {
        if (turn < (row.taskTurn ?? 0)) return;
        row.taskToken = token;
        row.taskTurn = turn;
      }),
    claim: async (id, occasion) => {
      const row = rows.get(id);
      const first = row?.claims?.has(occasion) !== true;
      const touched = await touch(id, (one) => (one.claims = new Set([...(one.claims ?? []), occasion])));
      return touched.ok ? ok(first) : touched;
    },
    markAnnounced: (session) =>
      touch(session.id, (row) => {
        if (read(row)?.head.hash === session.head.hash) row.open = openWork(session, true);
      }),
    due: (kind, before, limit) => {
      const due = [...rows.entries()]
        .flatMap(([id, { open }]) =>
          open?.kind === kind && open.due < before.toISOString() ? [{ id, due: open.due }] : [],
        )
        .sort((left, right) => (left.due < right.due ? -1 : 1));
      return Promise.resolve(ok(due.slice(0, limit).map(({ id }) => id)));
    },
    markArchived: (id, deleteAfter) =>
      touch(id, (row) => {
        row.deleteAfter = deleteAfter;
        delete row.open;
        delete row.taskToken;
      }),
  };
}

const textOf = ({ statement }: Session['submitted']): string =>
  'text' in statement ? statement.text.toLowerCase() : '';

const isWithin = (instant: string, { from = '', to = '~' }: SessionFilter): boolean => instant >= from && instant < to;

const isAmong = (found: readonly string[], wanted: string | undefined): boolean =>
  wanted === undefined || found.includes(wanted);

/** As the table has it: an attribute that is there, or none. */
const marked = (glass: Session['breakGlass']): true | undefined => (glass === undefined ? undefined : true);

function matches(
  filter: SessionFilter,
  { submitted, status, startedAt, breakGlass, votes, decided }: Session,
): boolean {
  const facts = {
    agentKey: agentKey(submitted.agent),
    subject: submitted.agent.subject,
    connection: submitted.connection,
    status,
    pipeline: submitted.claimed?.['pipeline'],
    breakGlass: marked(breakGlass),
  };
  const { from: _from, to: _to, text = '', person, table, ...exact } = filter;
  const voters = votes.map((vote) => vote.person);
  const touched = decided?.effects.map(({ resource }) => resource.name) ?? [];
  const wanted = Object.entries(exact) as [keyof typeof facts, string | true][];
  return (
    wanted.every(([name, value]) => facts[name] === value) &&
    isAmong(voters, person) &&
    isAmong(touched, table) &&
    isWithin(startedAt, filter) &&
    textOf(submitted).includes(text.toLowerCase())
  );
}

function decode(text: string): { partition: string; after: string } | undefined {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as { partition: string; after: string };
  } catch {
    return undefined;
  }
}
