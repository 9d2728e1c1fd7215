import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actOf } from '../../shared/domain/act.ts';
import type { Lease } from '../../shared/domain/lease.ts';
import type { Quota, QuotaScope } from '../../shared/domain/quota.ts';
import type { StopScope } from '../../shared/domain/stop.ts';
import type { Controls } from '../../shared/gateway/ports/controls.ts';
import type { Guard, Question } from '../../shared/gateway/ports/guard.ts';
import type { SessionStore } from '../../shared/gateway/ports/session-store.ts';
import { body, chainOf, newId, nextOf, nonce, NOW, sessionFrom } from '../support/chains.ts';

export interface OpenControls {
  readonly store: SessionStore;
  readonly controls: Controls;
  close(): Promise<void>;
}

const WAITING = [body.submitted(), body.decided, body.asked];
const RUNNING = [body.submitted(), body.decided, body.intent];
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

/** What the stories rely on, of whatever keeps stops, leases, questions and counters beside the sessions. */
export function controlsContract(name: string, open: () => Promise<OpenControls>): void {
  describe(`controls: ${name}`, () => {
    let opened: OpenControls;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    /** An agent and a connection that no other test has. */
    const fresh = () => ({
      agent: { issuerUrl: 'https://ci.example', subject: `bot-${nonce()}` },
      connection: `c-${nonce()}`,
    });
    type Who = ReturnType<typeof fresh>;
    const guardOf = (who: Who, more: Partial<Guard> = {}): Guard => ({ ...who, now: NOW, ...more });
    const create = async (guard: Guard, bodies = RUNNING, id = newId()) => {
      const made = await opened.store.create(chainOf(id, bodies), guard);
      if (!made.ok) throw new Error(made.error.message);
      return made.value;
    };
    let stopped = 0;
    /** In the order of time, as ids of acts are. */
    const stopOf = (scope: StopScope) => {
      const id = `act_${String((stopped += 1)).padStart(26, '0')}`;
      return { id, scope, by: 'p', reason: 'r', at: NOW.toISOString() };
    };
    const put = async (scope: StopScope, stop = stopOf(scope)): Promise<typeof stop> => {
      expect(await opened.controls.stops.put(stop)).toEqual({ ok: true, value: undefined });
      return stop;
    };
    const leaseOf = (who: Who, more: Partial<Lease> = {}): Lease => ({
      id: `lease_${nonce()}`,
      session: newId(),
      by: 'dba-1',
      groups: ['dba'],
      agent: { issuer: who.agent.issuerUrl, subject: who.agent.subject, act: [] },
      connection: who.connection,
      target: 't',
      policyVersion: 'v',
      shape: { digest: 'b'.repeat(64), constants: [{ type: 'integer', value: '1' }] },
      bounds: [{ index: 0, min: '1', max: '9' }],
      grantedAt: NOW.toISOString(),
      expiresAt: later(60).toISOString(),
      runs: 3,
      runsLeft: 3,
      rows: 10,
      rowsLeft: 10,
      ...more,
    });
    const leased = async (who: Who, more: Partial<Lease> = {}): Promise<Lease> => {
      const lease = leaseOf(who, more);
      expect(await opened.controls.leases.create(lease)).toEqual({ ok: true, value: undefined });
      return lease;
    };
    const leaseAt = async (id: string): Promise<Lease | undefined> => {
      const found = await opened.controls.leases.get(id);
      if (!found.ok) throw new Error(found.error.message);
      return found.value;
    };

    describe('a stop', () => {
      test.each<[string, (who: Who) => StopScope, string]>([
        ['an agent', ({ agent }) => ({ kind: 'agent', ...agent }), 'agent'],
        ['a connection', ({ connection }) => ({ kind: 'connection', connection }), 'connection'],
        ['everything', () => ({ kind: 'all' }), 'all'],
      ])(
        'of %s holds new and waiting sessions, each with nothing written, until it is lifted',
        async (_w, of, scope) => {
          const who = fresh();
          const other = fresh();
          const waiting = chainOf(newId(), WAITING);
          await opened.store.create(waiting);
          const before = sessionFrom(waiting);
          const stop = await put(of(who));
          const id = newId();
          const held = { kind: 'held', by: { kind: 'stopped', scope } };
          expect(await create(guardOf(who), RUNNING, id)).toEqual(held);
          expect(await opened.store.get(id)).toEqual({ ok: true, value: undefined });
          const next = nextOf(before, [body.intent]);
          expect(await opened.store.append(before, next, guardOf(who))).toEqual({ ok: true, value: held });
          expect((await create(guardOf(other))).kind).toBe(scope === 'all' ? 'held' : 'created');
          await opened.controls.stops.lift(stop);
          expect(await create(guardOf(who), RUNNING, id)).toEqual({ kind: 'created' });
          expect(await opened.store.append(before, next, guardOf(who))).toEqual({ ok: true, value: 'written' });
        },
      );

      test('holds whichever session comes, whatever its id', async () => {
        const who = fresh();
        const stop = await put({ kind: 'connection', connection: who.connection });
        const all = await Promise.all(Array.from({ length: 64 }, () => create(guardOf(who))));
        expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['held']));
        await opened.controls.stops.lift(stop);
      });

      test('is listed while it is in force, once a scope, the newest reason standing', async () => {
        const { connection } = fresh();
        const scope: StopScope = { kind: 'connection', connection };
        await put(scope);
        const stop = await put(scope);
        const mine = async () => {
          const listed = await opened.controls.stops.list();
          return listed.ok ? listed.value.filter((one) => JSON.stringify(one.scope).includes(connection)) : undefined;
        };
        expect(await mine()).toMatchObject([{ scope, by: 'p', reason: 'r', at: NOW.toISOString() }]);
        await opened.controls.stops.lift(stop);
        expect(await mine()).toEqual([]);
      });

      test('is not lifted by who lifts the one before it, and takes what is left of that one with it', async () => {
        const who = fresh();
        const scope: StopScope = { kind: 'connection', connection: who.connection };
        const [older, newer] = [stopOf(scope), stopOf(scope)];
        await put(scope, newer);
        // What was slower than its successor: it neither takes its place nor is anything of it left behind.
        await put(scope, older);
        await opened.controls.stops.lift(older);
        expect((await create(guardOf(who))).kind).toBe('held');
        await opened.controls.stops.lift(newer);
        expect((await create(guardOf(who))).kind).toBe('created');
      });

      test('lets a repeat find its own session, and a session that is there stand in front of it', async () => {
        const who = fresh();
        const events = chainOf(newId(), RUNNING);
        await opened.store.create(events, guardOf(who));
        await put({ kind: 'agent', ...who.agent });
        expect(await opened.store.create(events, guardOf(who))).toEqual({ ok: true, value: { kind: 'created' } });
        const again = await opened.store.create(chainOf(events[0]?.session ?? '', RUNNING), guardOf(who));
        expect(again.ok && again.value.kind).toBe('exists');
      });
    });

    describe('a lease', () => {
      test('comes back as it was granted, is listed while it lasts, and is created once', async () => {
        const who = fresh();
        const lease = await leased(who);
        await opened.controls.leases.create({ ...lease, runsLeft: 99 });
        expect(await leaseAt(lease.id)).toEqual(lease);
        expect(await opened.controls.leases.of(who.agent, who.connection)).toEqual({ ok: true, value: [lease] });
        expect(await opened.controls.leases.of(who.agent, 'elsewhere')).toEqual({ ok: true, value: [] });
        const listed = async (at: Date) => {
          const all = await opened.controls.leases.list(at, 1_000);
          return all.ok && all.value.some(({ id }) => id === lease.id);
        };
        expect([await listed(NOW), await listed(later(61))]).toEqual([true, false]);
      });

      test('gives exactly the runs it has, however many come at once', async () => {
        const who = fresh();
        const lease = await leased(who, { runs: 5, runsLeft: 5, rows: 100, rowsLeft: 100 });
        const leases = [{ lease: lease.id, by: 'dba-1', rows: 1 }];
        const all = await Promise.all(Array.from({ length: 20 }, () => create(guardOf(who, { leases }))));
        expect(all.filter(({ kind }) => kind === 'created')).toHaveLength(5);
        expect(all.find(({ kind }) => kind === 'held')).toEqual({
          kind: 'held',
          by: { kind: 'lease_spent', lease: lease.id },
        });
        expect(await leaseAt(lease.id)).toMatchObject({ runsLeft: 0, rowsLeft: 95 });
      });

      test('sets rows aside, and takes back what was not used', async () => {
        const who = fresh();
        const lease = await leased(who);
        const leases = [{ lease: lease.id, by: 'dba-1', rows: 8 }];
        expect((await create(guardOf(who, { leases }))).kind).toBe('created');
        expect((await create(guardOf(who, { leases }))).kind).toBe('held');
        expect(await opened.controls.leases.giveBack(lease.id, 7)).toEqual({ ok: true, value: undefined });
        expect((await create(guardOf(who, { leases }))).kind).toBe('created');
        expect(await leaseAt(lease.id)).toMatchObject({ runsLeft: 1, rowsLeft: 1 });
      });

      test.each<[string, (lease: Lease) => Promise<unknown>, Date]>([
        ['its time', () => Promise.resolve(), later(61)],
        ['being revoked', ({ id }) => opened.controls.leases.revoke(id, { by: 'p', at: 'a', reason: '' }), NOW],
      ])('gives no run after %s', async (_what, end, now) => {
        const who = fresh();
        const lease = await leased(who);
        await end(lease);
        const leases = [{ lease: lease.id, by: 'dba-1', rows: 1 }];
        expect((await create(guardOf(who, { leases, now }))).kind).toBe('held');
        expect(await leaseAt(lease.id)).toMatchObject({ runsLeft: 3, rowsLeft: 10 });
      });

      test('is revoked once, out of the list, and one that is not there cannot be', async () => {
        const lease = await leased(fresh());
        const by = { by: 'dba-2', at: NOW.toISOString(), reason: 'enough' };
        expect(await opened.controls.leases.revoke(lease.id, by)).toEqual({ ok: true, value: 'revoked' });
        expect(await opened.controls.leases.revoke(lease.id, { ...by, by: 'x' })).toEqual({
          ok: true,
          value: 'already',
        });
        expect(await opened.controls.leases.revoke('lease_none', by)).toEqual({ ok: true, value: 'already' });
        expect(await leaseAt(lease.id)).toEqual({ ...lease, revoked: by });
        expect(await leaseAt('lease_none')).toBeUndefined();
      });

      test('that is not there gives no run', async () => {
        const leases = [{ lease: 'lease_none', by: 'x', rows: 0 }];
        expect((await create(guardOf(fresh(), { leases }))).kind).toBe('held');
      });

      test('is not taken when a stop holds the same write', async () => {
        const who = fresh();
        const lease = await leased(who);
        await put({ kind: 'agent', ...who.agent });
        const leases = [{ lease: lease.id, by: 'dba-1', rows: 1 }];
        expect(await create(guardOf(who, { leases }))).toMatchObject({ by: { kind: 'stopped' } });
        expect(await leaseAt(lease.id)).toMatchObject({ runsLeft: 3 });
      });
    });

    const scopeOf = (quota: Quota, kind: QuotaScope['kind'] = 'agent'): QuotaScope => ({ kind, key: nonce(), quota });

    describe('a question', () => {
      const questionOf = (more: Partial<Question> = {}): Question => ({
        digest: nonce(),
        until: later(60).toISOString(),
        scopes: [],
        ...more,
      });

      test('is put once, however many come at once, and the others are led to it', async () => {
        const who = fresh();
        const question = questionOf();
        const ids = Array.from({ length: 8 }, () => newId());
        const all = await Promise.all(ids.map((id) => create(guardOf(who, { question }), WAITING, id)));
        const winner = ids[all.findIndex(({ kind }) => kind === 'created')];
        expect(all.filter(({ kind }) => kind === 'created')).toHaveLength(1);
        const led = all.flatMap((one) => (one.kind === 'held' ? [one.by] : []));
        expect(led).toEqual(Array.from({ length: 7 }, () => ({ kind: 'asked_already', session: winner })));
      });

      test('may be put again after its time, or instead of one that is known to be over', async () => {
        const who = fresh();
        const question = questionOf();
        const first = newId();
        await create(guardOf(who, { question }), WAITING, first);
        expect((await create(guardOf(who, { question, now: later(61) }), WAITING)).kind).toBe('created');
        const other = questionOf();
        await create(guardOf(who, { question: other }), WAITING, first + 'b');
        const again = { ...other, instead: first + 'b' };
        expect((await create(guardOf(who, { question: again }), WAITING)).kind).toBe('created');
        expect((await create(guardOf(who, { question: again }), WAITING)).kind).toBe('held');
      });

      test('takes a place of everyone whose limit it counts for, and none when one is full', async () => {
        const who = fresh();
        const [one, two] = [scopeOf({ pending: 2 }), scopeOf({ pending: 5 }, 'connection')];
        const ask = (id = newId()) =>
          create(guardOf(who, { question: questionOf({ scopes: [one, two] }) }), WAITING, id);
        const ids = [newId(), newId(), newId(), newId()];
        const all = await Promise.all(ids.map(ask));
        expect(all.filter(({ kind }) => kind === 'created')).toHaveLength(2);
        expect(all.find(({ kind }) => kind === 'held')).toMatchObject({ by: { kind: 'too_many_pending', scope: one } });
        const taken = await opened.controls.pending.of(two);
        expect(taken.ok && taken.value).toHaveLength(2);
        const [first = ''] = taken.ok ? taken.value : [];
        await opened.controls.pending.drop(one, [first, 'ses_never']);
        expect((await ask()).kind).toBe('created');
        await opened.controls.pending.drop(one, []);
        expect((await ask()).kind).toBe('held');
      });
    });

    describe('a quota', () => {
      const admit = (scope: QuotaScope, now = NOW) => opened.controls.meter.admit([scope], now);

      test('of requests lets exactly that many through in a minute, however many come at once', async () => {
        const scope = scopeOf({ requestsPerMinute: 7 });
        const all = await Promise.all(Array.from({ length: 20 }, () => admit(scope)));
        expect(all.filter(({ ok }) => ok)).toHaveLength(7);
        expect(all.find(({ ok }) => !ok)).toEqual({
          ok: false,
          error: { code: 'over_quota', of: 'agent', member: 'requestsPerMinute', limit: 7, retryAfterSeconds: 60 },
        });
        expect((await admit(scope, later(60))).ok).toBe(true);
      });

      test('counts a clock that is behind in the minute that others have begun', async () => {
        const scope = scopeOf({ requestsPerMinute: 2 });
        expect([await admit(scope, later(61)), await admit(scope), await admit(scope)].map(({ ok }) => ok)).toEqual([
          true,
          true,
          false,
        ]);
      });

      test.each(['rowsPerDay', 'bytesPerDay'] as const)(
        'of %s refuses once it is used up, until the day ends',
        async (member) => {
          const scope = scopeOf({ [member]: 100 }, 'group');
          expect((await admit(scope)).ok).toBe(true);
          await opened.controls.meter.spend([scope], { rows: 60, bytes: 60 }, NOW);
          expect((await admit(scope)).ok).toBe(true);
          await opened.controls.meter.spend([scope], { rows: 60, bytes: 60 }, NOW);
          expect(await admit(scope)).toMatchObject({
            ok: false,
            error: { of: 'group', member, limit: 100, retryAfterSeconds: 14 * 3_600 },
          });
          expect(await admit(scope, later(61))).toMatchObject({ ok: false });
          expect((await admit(scope, later(14 * 3_600))).ok).toBe(true);
        },
      );

      test('that nobody set holds nothing', async () => {
        expect(await opened.controls.meter.admit([scopeOf({}), scopeOf({ pending: 1 })], NOW)).toMatchObject({
          ok: true,
        });
      });
    });

    test('an act is kept as it was done, and its id is no session', async () => {
      const scope = { kind: 'all' } as const;
      const act = actOf(`act_${nonce()}`, { type: 'stopped', data: { scope, reason: '' } }, 'p', NOW, nonce());
      expect(await opened.controls.acts.create(act)).toMatchObject({ ok: true });
      expect(await opened.controls.acts.create(act)).toMatchObject({ ok: true });
      expect(await opened.controls.acts.get(act.session)).toEqual({ ok: true, value: act });
      expect(await opened.controls.acts.get('act_none')).toEqual({ ok: true, value: undefined });
      expect(await opened.store.get(act.session)).toEqual({ ok: true, value: undefined });
    });

    test('of two acts under one id the first is kept, and the second is a fault', async () => {
      const id = `act_review_${newId()}`;
      const reviewed = (by: string) =>
        actOf(
          id,
          { type: 'reviewed', data: { session: 's', verdict: 'accepted', comment: 'c', via: 'api' } },
          by,
          NOW,
          nonce(),
        );
      const [first, second] = [reviewed('p'), reviewed('q')];
      expect(await opened.controls.acts.create(first)).toMatchObject({ ok: true });
      expect(await opened.controls.acts.create(second)).toMatchObject({ ok: false });
      expect(await opened.controls.acts.get(id)).toEqual({ ok: true, value: first });
    });

    describe('a review', () => {
      const reviews = () => opened.controls.reviews;
      const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
      const owed = async (before?: Date) => {
        const found = await reviews().owed(before, 100);
        return found.ok ? found.value : found.error.code;
      };
      const review = () => ({ session: newId(), groups: ['dba'], since: NOW.toISOString() });
      const closed = {
        by: 'p',
        verdict: 'objected',
        comment: 'c',
        via: 'slack',
        at: NOW.toISOString(),
        act: 'act_1',
      } as const;

      test('is owed from when it is due, put off, and owed no more once it is closed', async () => {
        const one = review();
        expect(await reviews().owe(one, later(60))).toMatchObject({ ok: true });
        expect(await reviews().get(one.session)).toEqual({ ok: true, value: one });
        expect([await owed(later(60)), await owed(later(61)), await owed()]).toEqual([
          expect.not.arrayContaining([one.session]),
          expect.arrayContaining([one.session]),
          expect.arrayContaining([one.session]),
        ]);
        expect(await reviews().postpone(one.session, later(600))).toMatchObject({ ok: true });
        expect(await owed(later(61))).not.toContain(one.session);
        expect(await reviews().close({ ...one, closed }, later(86_400))).toMatchObject({ ok: true });
        expect(await reviews().get(one.session)).toEqual({ ok: true, value: { ...one, closed } });
        expect(await owed()).not.toContain(one.session);
        expect(await reviews().postpone(one.session, later(700))).toMatchObject({ ok: true });
        expect(await owed()).not.toContain(one.session);
      });

      test('stays as it is when the same request comes again', async () => {
        const one = review();
        await reviews().owe(one, later(60));
        await reviews().close({ ...one, closed }, later(86_400));
        expect(await reviews().owe({ ...one, groups: ['other'] }, later(60))).toMatchObject({ ok: true });
        expect(await reviews().get(one.session)).toEqual({ ok: true, value: { ...one, closed } });
        expect(await owed()).not.toContain(one.session);
      });

      test('is dropped when nothing ran, and one that nobody owes cannot be closed', async () => {
        const one = review();
        await reviews().owe(one, later(60));
        expect(await reviews().drop(one.session, NOW)).toMatchObject({ ok: true });
        expect(await owed()).not.toContain(one.session);
        expect(await reviews().close(review(), later(60))).toMatchObject({ ok: false });
        expect(await reviews().get('ses_none')).toEqual({ ok: true, value: undefined });
      });
    });

    test('an id that joined a session leads there, with the digest of its request', async () => {
      const events = chainOf(newId(), WAITING);
      await opened.store.create(events);
      const id = newId();
      await opened.store.join(id, events[0]?.session ?? '', 'd1');
      await opened.store.join(id, 'ses_other', 'd2');
      const there = { session: sessionFrom(events), joinedBy: 'd1' };
      expect(await opened.store.get(id)).toMatchObject({ ok: true, value: there });
      expect(await opened.store.create(chainOf(id, WAITING))).toMatchObject({
        ok: true,
        value: { kind: 'exists', stored: there },
      });
    });
  });
}
