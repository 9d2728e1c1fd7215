import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentKey } from '../../shared/domain/caller.ts';
import type { EventBody } from '../../shared/domain/event.ts';
import type { Session } from '../../shared/domain/session.ts';
import type { SessionFilter, SessionStore } from '../../shared/gateway/ports/session-store.ts';
import { agent, archivedObject, body, chainOf, newId, nextOf, NOW, sessionFrom } from '../support/chains.ts';

export interface OpenStore {
  readonly store: SessionStore;
  close(): Promise<void>;
}

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
const waiting = [body.submitted(), body.decided, body.asked];

/** What the stories rely on, of any store. */
export function sessionStoreContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`session store: ${name}`, () => {
    let opened: OpenStore;
    let store: SessionStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());

    const created = async (bodies: readonly EventBody[] = waiting, at = NOW): Promise<Session> => {
      const events = chainOf(newId(), bodies, at);
      expect(await store.create(events)).toEqual({ ok: true, value: { kind: 'created' } });
      return sessionFrom(events);
    };
    const read = async (id: string) => {
      const found = await store.get(id);
      if (!found.ok) throw new Error(found.error.message);
      return found.value;
    };
    const dueKind = async (id: string, before = later(1e6)): Promise<string | undefined> => {
      for (const kind of ['unannounced', 'waiting', 'running', 'unarchived'] as const) {
        const due = await store.due(kind, before, 1_000);
        if (due.ok && due.value.includes(id)) return kind;
      }
      return undefined;
    };

    test('gives back a session as it was created, and nothing for one it does not have', async () => {
      const session = await created();
      expect(await read(session.id)).toEqual({ session, sideCar: {} });
      expect(await store.get('ses_none')).toEqual({ ok: true, value: undefined });
    });

    test.each<[string, EventBody]>([
      ['numbers past what a database holds', body.submitted({ claimed: { a: [1e300, 1e-200, 2 ** 60, -0.1] } })],
      [
        'names that are empty or special',
        body.submitted({ claimed: { '': 1, constructor: 2, 'a.b': { '#x': ':y' } } }),
      ],
      ['forty levels', body.submitted({ claimed: { a: JSON.parse('['.repeat(40) + ']'.repeat(40)) as [] } })],
      ['text of all kinds', body.submitted({ statement: { text: '\u0000\uFEFF\u202E😀\r\n\u2028"\\' } })],
    ])('keeps %s as they came, so that the chain holds', async (_what, submitted) => {
      const session = await created([submitted]);
      expect((await read(session.id))?.session).toEqual(session);
    });

    test('creates an id once: of two creates one wins, and the other is shown what won', async () => {
      const id = newId();
      const chains = [chainOf(id, waiting), chainOf(id, waiting)] as const;
      const both = await Promise.all(chains.map((events) => store.create(events)));
      expect(both.map((one) => one.ok && one.value.kind).sort()).toEqual(['created', 'exists']);
      const winner = chains[both.findIndex((one) => one.ok && one.value.kind === 'created')];
      const loser = both.find((one) => one.ok && one.value.kind === 'exists');
      expect(loser).toMatchObject({ value: { stored: { session: { head: sessionFrom(winner ?? []).head } } } });
    });

    test('takes a repeat of its own create for the success that it was', async () => {
      const events = chainOf(newId(), waiting);
      expect(await store.create(events)).toMatchObject({ value: { kind: 'created' } });
      expect(await store.create(events)).toMatchObject({ value: { kind: 'created' } });
    });

    test('appends to the head that was read: of many writers one wins', async () => {
      const session = await created();
      const writers = await Promise.all(
        Array.from({ length: 5 }, () => store.append(session, nextOf(session, [body.voted]))),
      );
      expect(writers.map((one) => one.ok && one.value).sort()).toEqual([
        'conflict',
        'conflict',
        'conflict',
        'conflict',
        'written',
      ]);
      expect((await read(session.id))?.session.votes).toHaveLength(1);
    });

    test('takes a repeat of its own append for the success that it was, also when others wrote since', async () => {
      const session = await created();
      const vote = nextOf(session, [body.voted]);
      expect(await store.append(session, vote)).toMatchObject({ value: 'written' });
      expect(await store.append(session, vote)).toMatchObject({ value: 'written' });
      const voted = sessionFrom([...session.events, ...vote]);
      await store.append(voted, nextOf(voted, [body.approved]));
      expect(await store.append(session, vote)).toMatchObject({ value: 'written' });
      expect((await read(session.id))?.session.events).toHaveLength(5);
    });

    test('refuses what is not a step of a session, and an append to none', async () => {
      const session = await created();
      const unknown = sessionFrom(chainOf(newId(), waiting));
      expect(await store.append(session, nextOf(session, [body.outcome]))).toMatchObject({
        error: { code: 'record_unavailable' },
      });
      expect(await store.create(chainOf(newId(), [body.decided]))).toMatchObject({
        error: { code: 'record_unavailable' },
      });
      const lost = await store.append(unknown, nextOf(unknown, [body.voted]));
      expect(lost.ok && lost.value === 'written').toBe(false);
      expect(await read(unknown.id)).toBeUndefined();
    });

    test('keeps the token beside the session, never in its events', async () => {
      const session = await created();
      await store.saveTaskToken(session.id, 'token');
      const stored = await read(session.id);
      expect(stored?.sideCar).toEqual({ taskToken: 'token' });
      expect(stored?.session).toEqual(session);
      expect((await store.saveTaskToken('ses_none', 'token')).ok).toBe(false);
      expect(await read('ses_none')).toBeUndefined();
    });

    test('keeps the token of the latest wait, whichever comes last', async () => {
      const session = await created();
      const tokenNow = async () => (await read(session.id))?.sideCar.taskToken;
      await store.saveTaskToken(session.id, 'first');
      await store.saveTaskToken(session.id, 'second', 900);
      await store.saveTaskToken(session.id, 'late first', 0);
      expect(await tokenNow()).toBe('second');
      await store.saveTaskToken(session.id, 'second again', 900);
      expect(await tokenNow()).toBe('second again');
    });

    test('lets an occasion be claimed once, by one of many', async () => {
      const session = await created();
      const claims = await Promise.all([1, 2, 3].map(() => store.claim(session.id, 'halfway')));
      expect(claims.map((claim) => claim.ok && claim.value).sort()).toEqual([false, false, true]);
      expect(await store.claim(session.id, 'last_call')).toEqual({ ok: true, value: true });
      expect((await store.claim('ses_none', 'halfway')).ok).toBe(false);
      expect((await read(session.id))?.session).toEqual(session);
    });

    test('knows what each session still needs, through all its steps', async () => {
      const session = await created();
      expect(await dueKind(session.id)).toBe('unannounced');
      expect(await dueKind(session.id, later(29))).toBeUndefined();
      const vote = nextOf(session, [body.voted]);
      await store.append(session, vote);
      expect(await dueKind(session.id)).toBe('unannounced');
      const voted = sessionFrom([...session.events, ...vote]);
      await store.markAnnounced(session);
      expect(await dueKind(session.id)).toBe('unannounced');
      await store.markAnnounced(voted);
      expect(await dueKind(session.id)).toBe('waiting');
      const ended = nextOf(voted, [body.approved]);
      await store.append(voted, ended);
      const approved = sessionFrom([...voted.events, ...ended]);
      const intent = nextOf(approved, [body.intent]);
      await store.append(approved, intent);
      expect(await dueKind(session.id)).toBe('running');
      const running = sessionFrom([...approved.events, ...intent]);
      await store.append(running, nextOf(running, [body.outcome]));
      expect(await dueKind(session.id)).toBe('unarchived');
      await store.markArchived(session.id, later(86_400), archivedObject(session.id));
      expect(await dueKind(session.id)).toBeUndefined();
      expect((await read(session.id))?.session.status).toBe('failed');
    });

    test('answers what is due oldest first, and no more than asked for', async () => {
      const ids = [];
      for (const seconds of [30, 10, 20])
        ids.push((await created([body.submitted(), body.refused], later(-1e6 + seconds))).id);
      const due = await store.due('unarchived', later(-1e6 + 200), 2);
      expect(due).toEqual({ ok: true, value: [ids[1], ids[2]] });
    });

    test('lists by every filter, newest first, page by page, each session once', async () => {
      const own = { ...agent, subject: `lister-${newId()}` };
      const key = agentKey(own);
      const at = (minutes: number) => later(-minutes * 60);
      const ids: string[] = [];
      for (let minute = 0; minute < 7; minute += 1) {
        const submitted = body.submitted({
          agent: own,
          connection: minute % 2 === 0 ? 'even' : 'odd',
          statement: { text: `SELECT ${String(minute)} FROM Customers` },
          claimed: { pipeline: `p${String(minute % 3)}` },
        });
        ids.push((await created(minute < 3 ? [submitted, body.refused] : [submitted], at(minute))).id);
      }
      const list = async (filter: SessionFilter, limit = 100) => {
        const found: string[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < 200; page += 1) {
          const answer = await store.list(filter, limit, cursor);
          if (!answer.ok) throw new Error(answer.error.code);
          expect(answer.value.sessions.length).toBeLessThanOrEqual(limit);
          found.push(...answer.value.sessions.map(({ id }) => id));
          cursor = answer.value.next;
          if (cursor === undefined) break;
        }
        return found;
      };
      const pick = (...minutes: number[]) => minutes.map((minute) => ids[minute]);
      for (const scope of [{ agentKey: key }, { subject: own.subject }]) {
        expect(await list(scope)).toEqual(ids);
        expect(await list(scope, 2)).toEqual(ids);
        expect(await list({ ...scope, connection: 'odd' }, 1)).toEqual(pick(1, 3, 5));
        expect(await list({ ...scope, status: 'blocked' })).toEqual(pick(0, 1, 2));
        expect(await list({ ...scope, pipeline: 'p0' })).toEqual(pick(0, 3, 6));
        expect(await list({ ...scope, text: 'from customers' })).toEqual(ids);
        expect(await list({ ...scope, text: 'SELECT 4' })).toEqual(pick(4));
        expect(await list({ ...scope, from: at(4).toISOString(), to: at(2).toISOString() })).toEqual(pick(3, 4));
        expect(await list({ ...scope, from: at(2).toISOString(), to: at(4).toISOString() })).toEqual([]);
        expect(await list({ ...scope, to: '9998-01-01T00:00:00.000Z' })).toEqual(ids);
      }
      expect(await list({ agentKey: 'nobody' })).toEqual([]);
    });

    test('lists a day of everyone exactly once and in order, whatever part of it a session lies in', async () => {
      const subject = `crowd-${newId()}`;
      const submitted = body.submitted({ agent: { ...agent, subject } });
      const made = await Promise.all(
        Array.from({ length: 24 }, (_, nth) => created([submitted, body.refused], later(-(nth >> 2)))),
      );
      const newestFirst = made
        .toSorted((one, other) => (`${one.startedAt}#${one.id}` < `${other.startedAt}#${other.id}` ? 1 : -1))
        .map(({ id }) => id);
      const found: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page: Awaited<ReturnType<typeof store.list>> = await store.list({ subject }, 5, cursor || undefined);
        if (!page.ok) throw new Error(page.error.code);
        found.push(...page.value.sessions.map(({ id }) => id));
        cursor = page.value.next;
      }
      expect(found).toEqual(newestFirst);
    });

    test('lists by what a statement touches and by who voted, whenever the vote came', async () => {
      const own = { ...agent, subject: `finder-${newId()}` };
      const scope = { agentKey: agentKey(own) };
      const effect = (name: string) => ({
        action: 'sql:select',
        group: 'read' as const,
        resource: { kind: 'relation', name },
        attributes: {},
      });
      const decided = (...names: string[]): EventBody => ({
        ...body.decided,
        data: { ...body.decided.data, effects: names.map(effect) },
      });
      const of = (...more: EventBody[]) => created([body.submitted({ agent: own }), ...more], NOW);
      const one = await of(decided('public.customers', 'public.orders'), body.asked);
      const two = await of(decided('public.orders'), body.intent);
      const list = async (filter: SessionFilter) => {
        const page = await store.list({ ...scope, ...filter }, 100);
        if (!page.ok) throw new Error(page.error.code);
        return page.value.sessions.map(({ id }) => id).sort();
      };
      expect(await list({ table: 'public.orders' })).toEqual([one.id, two.id].sort());
      expect(await list({ table: 'public.customers' })).toEqual([one.id]);
      expect(await list({ table: 'public.custom' })).toEqual([]);
      expect(await list({ person: 'p' })).toEqual([]);
      await store.append(one, nextOf(one, [body.voted]));
      expect(await list({ person: 'p', table: 'public.orders' })).toEqual([one.id]);
    });

    test('goes on only from a cursor that it gave for this listing', async () => {
      const mine = { ...agent, subject: `mine-${newId()}` };
      const theirs = { ...agent, subject: `theirs-${newId()}` };
      for (const who of [mine, theirs])
        for (const seconds of [0, 1, 2]) await created([body.submitted({ agent: who }), body.refused], later(-seconds));
      const first = await store.list({ agentKey: agentKey(theirs) }, 1);
      const cursor = first.ok ? (first.value.next ?? '') : '';
      expect(cursor).not.toBe('');
      const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const bad = [
        cursor,
        `${cursor}x`,
        '',
        '!',
        'e30',
        encoded({ day: 'yesterday' }),
        encoded({ day: '2026-11-21' }),
        encoded({ after: {} }),
      ];
      for (const text of [...bad, encoded({ after: { pk: 'SESSION#x' } }), encoded([]), encoded(null)]) {
        const answer = await store.list({ agentKey: agentKey(mine) }, 10, text);
        const seen = answer.ok ? answer.value.sessions.map(({ submitted }) => submitted.agent.subject) : [];
        expect(new Set(seen).has(theirs.subject)).toBe(false);
        expect(answer.ok ? 'page' : answer.error.code).toMatch(/^(page|invalid_cursor)$/);
      }
      expect(await store.list({ agentKey: agentKey(mine) }, 10, cursor)).toEqual({
        ok: false,
        error: { code: 'invalid_cursor' },
      });
    });

    test('counts what waits for an agent, up to enough', async () => {
      const own = { ...agent, subject: `counter-${newId()}` };
      const submitted = body.submitted({ agent: own });
      for (let one = 0; one < 3; one += 1) await created([submitted, body.decided, body.asked]);
      await created([submitted, body.refused]);
      expect(await store.countWaiting(agentKey(own), 10)).toEqual({ ok: true, value: 3 });
      expect(await store.countWaiting(agentKey(own), 2)).toEqual({ ok: true, value: 2 });
      expect(await store.countWaiting('nobody', 2)).toEqual({ ok: true, value: 0 });
    });
  });
}
