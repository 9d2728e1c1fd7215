import { describe, expect, test } from 'vitest';
import { askApprovers } from '../../shared/gateway/approval/ask-approvers.ts';
import { cancel } from '../../shared/gateway/approval/cancel.ts';
import { castBallot } from '../../shared/gateway/approval/cast-ballot.ts';
import { concludeApproval } from '../../shared/gateway/approval/conclude-approval.ts';
import { runApproved } from '../../shared/gateway/approval/run-approved.ts';
import { archiveKey } from '../../shared/gateway/record/archive-session.ts';
import type { Notifier } from '../../shared/gateway/ports/notifier.ts';
import type { Workflow } from '../../shared/gateway/ports/workflow.ts';
import { sweep } from '../../shared/gateway/record/sweep.ts';
import { readSession } from '../../shared/gateway/read-sessions.ts';
import type { Session } from '../../shared/domain/session.ts';
import { err } from '../../shared/platform/result.ts';
import { rowsOf } from '../support/scripted-connector.ts';
import { bot, bundleOf, createWorld, GATEWAY, POLICIES, type World } from './world.ts';

const run = (world: World, session: Session) => runApproved(world.deps, session.id);
const counted = (state: string) => ({ ok: true, value: { kind: 'counted', state } });
const refused = (error: object) => ({ ok: false, error });
const down = () => Promise.resolve(err({ code: 'record_unavailable', message: 'down' } as const));

describe('a statement that needs people', () => {
  test('waits, is approved, runs once with what was approved on record, and ends', async () => {
    const world = createWorld();
    const session = await world.ask();
    expect([session.status, world.connector.calls.length, world.workflow.started]).toEqual([
      'pending_approval',
      0,
      [session.id],
    ]);
    await askApprovers(world.deps, session.id, { taskToken: 'token-1' });
    expect(world.told).toEqual([{ channel: 'C0DBA', kind: 'ask', status: 'pending_approval' }]);
    expect(await world.vote(session, 'dba-1')).toMatchObject(counted('approved'));
    expect(world.workflow.woken).toEqual([{ token: 'token-1', outcome: 'approved' }]);
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'succeeded' } });
    await concludeApproval(world.deps, session.id, 'settled');
    const after = world.store.sessionOf(session.id);
    expect(after.events.map(({ type }) => type).join(' ')).toBe(
      'submitted decided asked previewed told voted ended decided intent masked outcome',
    );
    expect(after.intent).toMatchObject({ approvals: ['dba'], seal: session.asked?.seal });
    expect(world.told.at(-1)).toEqual({ channel: 'C0DBA', kind: 'update', status: 'succeeded' });
    expect(world.connector.calls.map(({ text }) => text)).toEqual(['UPDATE customers']);
  });

  test('is refused with nothing running when the record cannot be written', async () => {
    const world = createWorld();
    world.deps.store = { ...world.store, create: down };
    expect(await world.execute('UPDATE x')).toMatchObject(refused({ refusal: { code: 'record_unavailable' } }));
    expect(world.workflow.started).toEqual([]);
  });

  test('whose workflow does not start waits on record, and the sweep starts it', async () => {
    const world = createWorld();
    const start: Workflow['start'] = (...call) => world.workflow.start(...call);
    world.deps.workflow = {
      ...world.workflow,
      start: () => Promise.resolve(err({ code: 'workflow_unavailable', message: 'x' })),
    };
    const session = await world.ask();
    world.deps.workflow = { ...world.workflow, start };
    world.advance(31);
    await sweep(world.deps);
    expect(world.workflow.started).toEqual([session.id]);
  });
});

describe('a vote', () => {
  test.each<[string, string, object]>([
    ['of the owner of the agent', 'lead', { code: 'vote_not_allowed', why: 'own_agent' }],
    ['of somebody who is not asked', 'sec-1', { code: 'vote_not_allowed', why: 'not_asked' }],
    ['of an auditor', 'auditor', { code: 'vote_not_allowed', why: 'not_asked' }],
    ['of nobody known', 'nobody', { code: 'unknown_voter' }],
  ])('%s is not counted', async (_what, person, error) => {
    const world = createWorld();
    const session = await world.ask();
    expect(await world.vote(session, person)).toEqual(refused(error));
    expect(world.store.sessionOf(session.id).votes).toEqual([]);
  });

  test('of somebody the agent acts for is not counted, though another name is on it', async () => {
    const world = createWorld();
    const act = [{ issuer: 'https://people.example', subject: 'dba-1' }];
    const session = await world.ask('orders', 'UPDATE x', { ...bot, act });
    expect(await world.vote(session, 'dba-1')).toEqual(refused({ code: 'vote_not_allowed', why: 'acts_for' }));
    expect(await world.vote(session, 'dba-2')).toMatchObject(counted('approved'));
  });

  test('from Slack counts for whom configuration maps team and user to, and for nobody else', async () => {
    const world = createWorld();
    const session = await world.ask();
    const from = (team: string, user: string) =>
      castBallot(world.deps, {
        session: session.id,
        seal: session.asked?.seal ?? '',
        verdict: 'approve',
        voter: { via: 'slack', team, user },
      });
    expect(await from('T0OTHER', 'U0DBA1')).toEqual(refused({ code: 'unknown_voter' }));
    expect(await from('T0ACME0001', 'U0OTHER')).toEqual(refused({ code: 'unknown_voter' }));
    expect(await from('T0ACME0001', 'U0DBA1')).toMatchObject(counted('approved'));
  });

  test('for another seal is refused, and whoever may not vote does not learn that', async () => {
    const world = createWorld();
    const [one, other] = [await world.ask(), await world.ask('orders', 'UPDATE orders')];
    expect(one.asked?.seal).not.toBe(other.asked?.seal);
    expect(await world.vote(one, 'dba-1', { seal: other.asked?.seal ?? '' })).toEqual(
      refused({ code: 'seal_mismatch' }),
    );
    expect(await world.vote(one, 'lead', { seal: '' })).toEqual(
      refused({ code: 'vote_not_allowed', why: 'own_agent' }),
    );
    expect(world.status(one)).toBe('pending_approval');
  });

  test('said twice counts once, also after the end', async () => {
    const world = createWorld();
    const session = await world.ask('ledger');
    expect(await world.vote(session, 'dba-1')).toMatchObject(counted('open'));
    expect(await world.vote(session, 'dba-1')).toEqual({
      ok: true,
      value: { kind: 'already', status: 'pending_approval' },
    });
    expect(await world.vote(session, 'dba-2')).toMatchObject(counted('approved'));
    expect(await world.vote(session, 'dba-1')).toMatchObject({ ok: true, value: { kind: 'already' } });
    expect(world.store.sessionOf(session.id).votes).toHaveLength(2);
  });

  test('after the end is refused with how it ended', async () => {
    const world = createWorld();
    const session = await world.ask();
    await world.vote(session, 'dba-1');
    expect(await world.vote(session, 'dba-2', { verdict: 'deny', comment: 'no' })).toEqual(
      refused({ code: 'approval_ended', status: 'approved' }),
    );
    const late = await world.ask();
    world.advance(1_800);
    expect(await world.vote(late, 'dba-1')).toEqual(refused({ code: 'approval_ended', status: 'expired' }));
  });

  test.each([undefined, '', '  \n'])('against it needs a reason: %j is none', async (comment) => {
    const world = createWorld();
    const session = await world.ask();
    const said = { verdict: 'deny' as const, ...(comment === undefined ? {} : { comment }) };
    expect(await world.vote(session, 'dba-1', said)).toEqual(refused({ code: 'comment_required' }));
  });

  test('against it ends it for good, the reason told', async () => {
    const world = createWorld();
    const session = await world.ask('ledger');
    await world.vote(session, 'dba-1');
    expect(await world.vote(session, 'dba-2', { verdict: 'deny', comment: 'wrong rows' })).toMatchObject(
      counted('denied'),
    );
    expect([world.status(session), world.why(session)]).toEqual(['denied', 'dba-2: wrong rows']);
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'denied' } });
    expect(world.connector.calls).toEqual([]);
  });

  test('needs every group, and one person may answer for two', async () => {
    const world = createWorld();
    const [apart, together] = [await world.ask('vault'), await world.ask('vault', 'UPDATE accounts')];
    expect(await world.vote(apart, 'dba-1')).toMatchObject(counted('open'));
    expect(await world.vote(apart, 'dba-2')).toMatchObject(counted('open'));
    expect(await run(world, apart)).toEqual({ ok: true, value: { status: 'pending_approval' } });
    expect(await world.vote(apart, 'sec-1')).toMatchObject(counted('approved'));
    expect(await world.vote(together, 'both')).toMatchObject(counted('approved'));
  });

  test('racing another leaves one decision, and both voters hear it', async () => {
    const world = createWorld();
    const session = await world.ask();
    const both = await Promise.all([
      world.vote(session, 'dba-1'),
      world.vote(session, 'dba-2', { verdict: 'deny', comment: 'no' }),
    ]);
    expect(both.map((one) => (one.ok ? 'counted' : one.error.code)).sort()).toEqual(['approval_ended', 'counted']);
    const { events } = world.store.sessionOf(session.id);
    expect(events.filter(({ type }) => type === 'ended')).toHaveLength(1);
  });

  test('is refused when there is no configuration to say who may', async () => {
    const world = createWorld();
    const session = await world.ask();
    world.configure(undefined);
    expect(await world.vote(session, 'dba-1')).toEqual(refused({ code: 'record_unavailable' }));
  });

  test('before the token is kept still wakes the workflow', async () => {
    const world = createWorld();
    const session = await world.ask();
    await world.vote(session, 'dba-1');
    expect(world.workflow.woken).toEqual([]);
    await askApprovers(world.deps, session.id, { taskToken: 'token-1' });
    expect(world.workflow.woken).toEqual([{ token: 'token-1', outcome: 'approved' }]);
    expect(world.told).toEqual([]);
  });
});

describe('between the vote and the run', () => {
  const without = (gateway: object) => bundleOf(POLICIES, { ...GATEWAY, ...gateway });
  const people = (change: (id: string) => object) => ({
    people: GATEWAY.people.map((person) => ({ ...person, ...change(person.id) })),
  });
  const repointed = GATEWAY.connections.map((one) => (one.name === 'orders' ? { ...one, database: 'elsewhere' } : one));

  const untrusted = GATEWAY.issuers.map((issuer) =>
    issuer.for === 'agents'
      ? { ...issuer, rules: [{ name: 'bot', claims: { sub: 'another' }, groups: ['ci'] }] }
      : issuer,
  );

  test.each<[string, string, RegExp, (world: World) => unknown]>([
    [
      'the policies changed',
      'expired',
      /policies changed/,
      (world) =>
        world.configure(
          bundleOf([...POLICIES, '@id("more") forbid (principal, action in Action::"destroy", resource);']),
        ),
    ],
    [
      'the connection was re-pointed',
      'expired',
      /points elsewhere/,
      (world) => world.configure(without({ connections: repointed })),
    ],
    [
      'the approver left the group',
      'expired',
      /no longer/,
      (world) => world.configure(without(people((id) => (id === 'dba-1' ? { groups: ['sec'] } : {})))),
    ],
    [
      'the approver left',
      'expired',
      /no longer/,
      (world) => world.configure(without({ people: GATEWAY.people.filter(({ id }) => id !== 'dba-1') })),
    ],
    [
      'the approver turned out to be whom the agent acts for',
      'expired',
      /no longer/,
      (world) =>
        world.configure(
          without(people((id) => (id === 'dba-1' ? { identities: [{ issuer: 'ci', subject: 'bot' }] } : {}))),
        ),
    ],
    [
      'the connection is gone',
      'blocked',
      /no longer reach/,
      (world) =>
        world.configure(
          bundleOf(
            POLICIES.filter((text) => !text.includes('"orders"')),
            { ...GATEWAY, connections: GATEWAY.connections.slice(1) },
          ),
        ),
    ],
    [
      'the agent lost its group',
      'blocked',
      /no longer reach/,
      (world) => world.configure(bundleOf(POLICIES.map((text) => text.replaceAll('Group::"ci"', 'Group::"sec"')))),
    ],
    [
      'no rule trusts the agent any more',
      'expired',
      /No rule trusts the agent/,
      (world) => world.configure(without({ issuers: untrusted })),
    ],
    [
      'a vote on record was changed into another person’s',
      'expired',
      /does not hold together/,
      (world) => {
        for (const row of world.store.rows.values())
          row.events = row.events.map((text) => text.replace('"person":"dba-1"', '"person":"dba-2"'));
      },
    ],
    ['its time ran out', 'expired', /time ran out/, (world) => world.advance(1_800)],
    ['there is no configuration', 'failed', /no valid configuration/, (world) => world.configure(undefined)],
    [
      'the stored text was changed',
      'expired',
      /does not hold together|not what is stored/,
      (world) => {
        for (const row of world.store.rows.values())
          row.events = row.events.map((text) => text.replace('UPDATE customers', 'UPDATE all_of_it'));
      },
    ],
  ])('%s: it does not run, and says why', async (_what, status, why, change) => {
    const world = createWorld();
    const session = await world.ask();
    await world.vote(session, 'dba-1');
    change(world);
    const ended = await run(world, session);
    expect(world.connector.calls).toEqual([]);
    expect(ended).toEqual({ ok: true, value: { status } });
    expect([world.status(session), world.why(session)]).toEqual([status, expect.stringMatching(why)]);
  });

  test('the approver left one of the two groups that were asked: it does not run', async () => {
    const world = createWorld();
    const session = await world.ask('vault');
    expect(await world.vote(session, 'both')).toMatchObject(counted('approved'));
    world.configure(without(people((id) => (id === 'both' ? { groups: ['dba'] } : {}))));
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'expired' } });
    expect(world.connector.calls).toEqual([]);
  });

  test('the stored large text was lost: it does not run', async () => {
    const world = createWorld();
    const session = await world.ask('orders', `UPDATE ${'x'.repeat(50_000)}`);
    await world.vote(session, 'dba-1');
    world.deps.blobs.objects.clear();
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'failed' } });
    expect(world.connector.calls).toEqual([]);
  });

  test('the record went down: it does not run, and can when it is back', async () => {
    const world = createWorld();
    const session = await world.ask();
    await world.vote(session, 'dba-1');
    world.deps.store = { ...world.store, append: down };
    expect((await run(world, session)).ok).toBe(false);
    expect(world.connector.calls).toEqual([]);
    world.deps.store = world.store;
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'succeeded' } });
  });

  test('two runners came: one of them calls the target', async () => {
    const world = createWorld();
    const session = await world.ask();
    await world.vote(session, 'dba-1');
    await Promise.all([run(world, session), run(world, session), run(world, session)]);
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'succeeded' } });
    expect(world.connector.calls).toHaveLength(1);
  });

  test('a runner of a statement that is not approved runs nothing', async () => {
    const world = createWorld();
    const session = await world.ask();
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'pending_approval' } });
    expect((await runApproved(world.deps, 'ses_none')).ok).toBe(false);
    expect(world.connector.calls).toEqual([]);
  });
});

describe('taking it back', () => {
  test('ends what waits, wakes the workflow, and may be said twice', async () => {
    const world = createWorld();
    const session = await world.ask();
    await askApprovers(world.deps, session.id, { taskToken: 'token-1' });
    expect((await cancel(world.deps, bot, session.id, 'not needed')).ok).toBe(true);
    expect((await cancel(world.deps, bot, session.id, 'not needed')).ok).toBe(true);
    expect([world.status(session), world.why(session)]).toEqual(['cancelled', 'Cancelled by its agent: not needed']);
    expect(world.workflow.woken[0]).toEqual({ token: 'token-1', outcome: 'cancelled' });
    expect(await world.vote(session, 'dba-1')).toEqual(refused({ code: 'approval_ended', status: 'cancelled' }));
  });

  test('is for its own agent only, and not once it is approved', async () => {
    const world = createWorld();
    const session = await world.ask();
    expect(await cancel(world.deps, { ...bot, subject: 'bot-2' }, session.id, undefined)).toEqual(
      refused({ code: 'session_not_found' }),
    );
    await world.vote(session, 'dba-1');
    expect(await cancel(world.deps, bot, session.id, undefined)).toEqual(
      refused({ code: 'approval_ended', status: 'approved' }),
    );
  });
});

describe('the sweep', () => {
  test('announces what nobody heard, once a channel', async () => {
    const world = createWorld();
    const before = world.deps.notifier;
    const ask: Notifier['ask'] = (...call) => before.ask(...call);
    world.deps.notifier = {
      ...world.deps.notifier,
      ask: (view, channel) =>
        channel === 'C0DBA' ? Promise.resolve(err({ retryAfterSeconds: 1, message: 'x' })) : ask(view, channel),
    };
    const session = await world.ask('vault');
    await askApprovers(world.deps, session.id, { taskToken: 't' });
    world.deps.notifier = { ...world.deps.notifier, ask };
    world.advance(31);
    await sweep(world.deps);
    expect(world.told.map(({ channel }) => channel)).toEqual(['C0SEC', 'C0DBA']);
    world.advance(60);
    expect((await sweep(world.deps)).unannounced).toBe(0);
  });

  test('announces to the second group though the first has voted already', async () => {
    const world = createWorld();
    const session = await world.ask('vault');
    await world.store.saveTaskToken(session.id, 't');
    await world.vote(session, 'dba-1');
    world.advance(31);
    await sweep(world.deps);
    expect(world.told.map(({ channel }) => channel)).toEqual(['C0DBA', 'C0SEC']);
  });

  test('wakes a workflow that never heard of the decision', async () => {
    const world = createWorld();
    const session = await world.ask();
    await askApprovers(world.deps, session.id, { taskToken: 't' });
    const wake: Workflow['wake'] = (...call) => world.workflow.wake(...call);
    world.deps.workflow = {
      ...world.workflow,
      wake: () => Promise.resolve(err({ code: 'workflow_unavailable', message: 'x' })),
    };
    await world.vote(session, 'dba-1');
    world.deps.workflow = { ...world.workflow, wake };
    world.advance(31);
    await sweep(world.deps);
    expect(world.workflow.woken).toEqual([{ token: 't', outcome: 'approved' }]);
  });

  test.each([true, false])('lets what has had its time expire, approved already: %s', async (approved) => {
    const world = createWorld();
    const session = await world.ask();
    if (approved) await world.vote(session, 'dba-1');
    world.advance(1_816);
    await sweep(world.deps);
    expect(world.status(session)).toBe('expired');
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'expired' } });
    expect(world.connector.calls).toEqual([]);
  });

  test('gives a run that never told how it ended the outcome "unknown", and not before two minutes', async () => {
    const world = createWorld();
    world.deps.store = { ...world.store, append: down };
    await world.execute('SELECT');
    world.deps.store = world.store;
    // A runner that died could not have set its outcome aside either; see test/record/pending-outcome.test.ts.
    world.deps.outcomes.objects.clear();
    const [id = ''] = world.store.rows.keys();
    world.advance(100);
    await sweep(world.deps);
    expect(world.store.sessionOf(id).status).toBe('running');
    world.advance(30);
    await sweep(world.deps);
    expect(world.store.sessionOf(id).status).toBe('unknown_outcome');
  });

  test('leaves a run to its runner as long as that may be alive, whatever else came to its end', async () => {
    const world = createWorld();
    const session = await world.ask();
    await world.vote(session, 'dba-1');
    world.connector.answer = async () => {
      // Another runner of the same task has found it running, and its workflow comes to its last task.
      for (const arrival of ['settled', 'failed'] as const) await concludeApproval(world.deps, session.id, arrival);
      return rowsOf(['n'], [['1']]);
    };
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'succeeded' } });
    expect(world.status(session)).toBe('succeeded');
  });

  test('leaves a run to its runner that began as its time ran out', async () => {
    const world = createWorld();
    const session = await world.ask();
    await world.vote(session, 'dba-1');
    world.connector.answer = async () => {
      world.advance(1_800);
      await concludeApproval(world.deps, session.id, 'expired');
      return { kind: 'done', result: { columns: [], rows: [], rowCount: 1, truncated: false } };
    };
    expect(await run(world, session)).toEqual({ ok: true, value: { status: 'succeeded' } });
    expect(world.status(session)).toBe('succeeded');
  });

  test('archives what has ended, once, and takes it from the list', async () => {
    const world = createWorld();
    await world.execute('SELECT');
    await world.execute('DROP x');
    world.advance(21);
    expect((await sweep(world.deps)).unarchived).toBe(2);
    expect((await sweep(world.deps)).unarchived).toBe(0);
    const keys = [...world.store.rows.keys()].map((id) => archiveKey(world.store.sessionOf(id)));
    expect([...world.deps.archive.objects.keys()].sort()).toEqual(keys.sort());
    expect([...world.store.rows.values()].every(({ deleteAfter }) => deleteAfter !== undefined)).toBe(true);
  });

  test('archives what is days late under a retention that has not passed', async () => {
    const world = createWorld();
    world.configure(bundleOf(POLICIES, { ...GATEWAY, retention: { archiveDays: 1 } }));
    await world.execute('SELECT');
    world.advance(5 * 86_400);
    await sweep(world.deps);
    const [object] = world.deps.archive.objects.values();
    expect(object?.until.getTime()).toBeGreaterThan(world.deps.clock().getTime());
  });

  test('goes on with the other kinds when one cannot be read', async () => {
    const world = createWorld();
    await world.execute('SELECT');
    world.advance(21);
    world.deps.store = {
      ...world.store,
      due: (kind, ...rest) => (kind === 'waiting' ? down() : world.store.due(kind, ...rest)),
    };
    expect((await sweep(world.deps)).unarchived).toBe(1);
    expect(world.deps.archive.objects.size).toBe(1);
  });
});

describe('reading a session', () => {
  test('is for its agent, for who is asked and for auditors; everyone else hears that there is none', async () => {
    const world = createWorld();
    const session = await world.ask();
    const config = world.runtime().bundle.gateway;
    const person = (id: string, groups: string[]) =>
      ({ kind: 'person', id, name: id, groups, identities: [] }) as const;
    const sees = async (caller: Parameters<typeof readSession>[2], id = session.id) => {
      const read = await readSession(world.deps, config, caller, id, 0);
      return read.ok ? 'seen' : read.error.code;
    };
    expect(await sees(bot)).toBe('seen');
    expect(await sees(person('x', ['dba']))).toBe('seen');
    expect(await sees(person('x', ['auditor']))).toBe('seen');
    expect(await sees(person('x', ['sec']))).toBe('session_not_found');
    expect(await sees({ ...bot, subject: 'bot-2' })).toBe('session_not_found');
    expect(await sees({ ...bot, issuerUrl: 'https://other.example' })).toBe('session_not_found');
    expect(await sees(bot, 'ses_none')).toBe('session_not_found');
  });

  test('holds the line until it ends, and not longer than configuration allows', async () => {
    const world = createWorld();
    const session = await world.ask();
    const before = world.deps.clock().getTime();
    const waited = await readSession(world.deps, world.runtime().bundle.gateway, bot, session.id, 900);
    expect(waited.ok && waited.value.status).toBe('pending_approval');
    expect(world.deps.clock().getTime() - before).toBeLessThanOrEqual(26_000);
  });
});
