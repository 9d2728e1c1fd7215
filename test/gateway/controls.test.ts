import { describe, expect, test } from 'vitest';
import type { StopRequest } from '../../shared/contracts/api/controls.ts';
import type { Agent, Person } from '../../shared/domain/caller.ts';
import type { LeaseTerms } from '../../shared/domain/lease.ts';
import { castBallot } from '../../shared/gateway/approval/cast-ballot.ts';
import { personOf } from '../../shared/gateway/approval/people.ts';
import { runApproved } from '../../shared/gateway/approval/run-approved.ts';
import { listLeases, revokeLease } from '../../shared/gateway/controls/leases.ts';
import { listStops, resume, stop } from '../../shared/gateway/controls/stop.ts';
import { bot, bundleOf, createWorld, GATEWAY, POLICIES, type World } from './world.ts';

const OPERATED = {
  ...GATEWAY,
  groups: [...GATEWAY.groups, { name: 'operators', operator: true }],
  people: [...GATEWAY.people, { id: 'op', name: 'Op', groups: ['operators'] }],
};
const LEASED = POLICIES.map((policy) => policy.replace('@quorum', '@lease("60m") @quorum'));
const other: Agent = { ...bot, subject: 'other', claims: { sub: 'other' } };

function world(gateway: object = {}, policies: readonly string[] = LEASED): World {
  const made = createWorld();
  made.configure(bundleOf(policies, { ...OPERATED, ...gateway }));
  return made;
}

const config = (made: World) => made.runtime().bundle.gateway;
function person(made: World, id: string): Person {
  const found = config(made).people.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return personOf(config(made), found);
}
const stopAs = (made: World, who: string, request: StopRequest) =>
  stop(made.deps, config(made), person(made, who), request);
const codeOf = (answer: { ok: boolean; error?: { refusal: { code: string } } }) => answer.error?.refusal.code;
const runIt = (made: World, id: string) => runApproved(made.deps, id);

describe('a stop', () => {
  test.each<[string, StopRequest, Agent, string]>([
    ['an agent', { agent: { issuer: 'ci', subject: 'bot' } }, bot, 'agent'],
    ['a connection', { connection: 'orders' }, bot, 'connection'],
    ['everything', { all: true }, other, 'all'],
  ])('of %s refuses the next request, on record, and runs nothing', async (_what, request, agent, scope) => {
    const made = world();
    expect(await stopAs(made, 'op', { ...request, reason: 'leak' })).toMatchObject({ ok: true });
    for (const statement of ['SELECT 1', 'UPDATE t']) {
      const answer = await made.execute(statement, {}, { agent });
      expect(answer).toMatchObject({ ok: false, error: { refusal: { code: 'stopped', scope }, recorded: true } });
      if (answer.ok) continue;
      expect(made.store.sessionOf(answer.error.session ?? '').status).toBe('blocked');
    }
    expect(made.connector.calls).toEqual([]);
  });

  test('of one leaves the others alone', async () => {
    const made = world();
    await stopAs(made, 'op', { agent: { issuer: 'ci', subject: 'bot' } });
    await stopAs(made, 'op', { connection: 'ledger' });
    expect((await made.execute('SELECT 1', {}, { agent: other })).ok).toBe(true);
    expect(codeOf(await made.execute('SELECT 1', { connection: 'ledger' }, { agent: other }))).toBe('stopped');
  });

  test('cancels what waits, says who and why, and wakes its workflow', async () => {
    const made = world();
    const [mine, theirs] = [await made.ask(), await made.ask('ledger', 'UPDATE t', other)];
    await made.store.saveTaskToken(mine.id, 'token');
    const stopped = await stopAs(made, 'op', { agent: { issuer: 'ci', subject: 'bot' }, reason: 'It loops.' });
    expect(stopped).toMatchObject({ ok: true, value: { cancelled: [mine.id], revoked: [], complete: true } });
    expect(made.store.sessionOf(mine.id)).toMatchObject({
      status: 'cancelled',
      ended: { how: 'cancelled', by: 'op', why: 'Stopped by op: It loops.' },
    });
    expect(made.status(theirs)).toBe('pending_approval');
    expect(made.workflow.woken).toEqual([{ token: 'token', outcome: 'cancelled' }]);
  });

  test('between the votes and the run holds the run', async () => {
    const made = world();
    const session = await made.ask();
    await made.vote(session, 'dba-1');
    // In force, and nothing cancelled yet: as if the stop had come in the middle of the runner's own reading.
    const at = made.deps.clock().toISOString();
    await made.deps.controls.stops.put({ id: 'act_x', scope: { kind: 'all' }, by: 'op', reason: '', at });
    expect(await runIt(made, session.id)).toEqual({ ok: true, value: { status: 'cancelled' } });
    expect(made.connector.calls).toEqual([]);
  });

  test('is for operators, of groups as they are now, and never for agents', async () => {
    const made = world();
    for (const who of ['dba-1', 'auditor', 'lead'])
      expect(await stopAs(made, who, { all: true })).toEqual({ ok: false, error: { code: 'not_an_operator' } });
    expect(await listStops(made.deps, config(made), person(made, 'dba-1'))).toMatchObject({ ok: false });
    expect((await made.execute('SELECT 1')).ok).toBe(true);
  });

  test.each<[string, StopRequest]>([
    ['agent.issuer', { agent: { issuer: 'c1', subject: 'bot' } }],
    ['connection', { connection: 'order' }],
  ])('of what is misspelt is refused, naming %s, and stops nothing', async (member, request) => {
    const made = world();
    expect(await stopAs(made, 'op', request)).toMatchObject({ error: { code: 'invalid_request', member } });
    expect(made.deps.controls.acted).toEqual([]);
  });

  test('is on record before it is in force, as an act of who made it', async () => {
    const made = world();
    const acts: string[] = [];
    const { acts: kept } = made.deps.controls;
    const create = kept.create.bind(kept);
    kept.create = async (act) => {
      acts.push(`${act.type} by ${act.by}`);
      expect(await made.deps.controls.stops.list()).toMatchObject({ value: act.type === 'stopped' ? [] : [{}] });
      return create(act);
    };
    const stopped = await stopAs(made, 'op', { all: true });
    const id = stopped.ok ? stopped.value.stop.id : '';
    expect(await listStops(made.deps, config(made), person(made, 'op'))).toMatchObject({ ok: true, value: [{ id }] });
    const lifted = await resume(made.deps, config(made), person(made, 'op'), id, 'Mended.');
    expect(lifted).toMatchObject({ ok: true, value: { id } });
    expect(acts).toEqual(['stopped by op', 'resumed by op']);
    expect((await made.execute('SELECT 1')).ok).toBe(true);
    expect(await resume(made.deps, config(made), person(made, 'op'), id, '')).toMatchObject({
      error: { code: 'stop_not_found' },
    });
  });

  test('that cannot be put on record is not in force, and says so', async () => {
    const made = world();
    made.deps.controls.acts.create = () =>
      Promise.resolve({ ok: false, error: { code: 'record_unavailable', message: '' } });
    expect(await stopAs(made, 'op', { all: true })).toEqual({ ok: false, error: { code: 'record_unavailable' } });
    expect((await made.execute('SELECT 1')).ok).toBe(true);
  });
});

describe('the same question', () => {
  test('asked again while it waits is the same session, and nobody is asked twice', async () => {
    const made = world();
    const first = await made.ask();
    const again = await made.execute('UPDATE customers', { reason: 'Once more' });
    expect(again).toMatchObject({ ok: true, value: { joined: true, session: { id: first.id } } });
    expect(made.workflow.started).toEqual([first.id]);
    expect(made.store.sessionOf(first.id).events.at(-1)).toMatchObject({
      type: 'joined',
      data: { reason: 'Once more' },
    });
    await made.vote(first, 'dba-1');
    await runIt(made, first.id);
    expect(made.connector.calls).toHaveLength(1);
  });

  test('asked at once from many sides is one', async () => {
    const made = world();
    const all = await Promise.all(Array.from({ length: 6 }, () => made.execute('UPDATE customers')));
    expect(new Set(all.map((one) => (one.ok ? one.value.session.id : '')))).toHaveLength(1);
    expect(made.workflow.started).toHaveLength(1);
  });

  test.each<[string, Parameters<World['execute']>]>([
    ['another byte', ['UPDATE customers ']],
    ['other parameters', ['UPDATE customers', { parameters: [1] }]],
    ['a body', ['UPDATE customers', { body: null }]],
    ['another connection', ['UPDATE customers', { connection: 'ledger' }]],
    ['another agent', ['UPDATE customers', {}, { agent: other }]],
    ['an act chain', ['UPDATE customers', {}, { agent: { ...bot, act: [{ issuer: 'i', subject: 's' }] } }]],
  ])('with %s is another question', async (_what, words) => {
    const made = world();
    const first = await made.ask();
    const again = await made.execute(...words);
    expect(again.ok && again.value.joined).toBeUndefined();
    expect(again.ok && again.value.session.id).not.toBe(first.id);
  });

  test('is asked anew once the first has ended, and under other policies', async () => {
    const made = world();
    const first = await made.ask();
    await made.vote(first, 'dba-1', { verdict: 'deny', comment: 'no' });
    const second = await made.ask();
    expect(second.id).not.toBe(first.id);
    made.configure(
      bundleOf([...LEASED, '@id("more") forbid (principal, action in Action::"destroy", resource);'], OPERATED),
    );
    expect((await made.ask()).id).not.toBe(second.id);
    made.advance(1_801);
    expect((await made.ask()).id).not.toBe(second.id);
  });

  test('with a key leads every repeat of that key to the session it joined, also after its end', async () => {
    const made = world();
    const first = await made.ask();
    const joined = await made.execute('UPDATE customers', {}, { idempotencyKey: 'k' });
    expect(joined).toMatchObject({ ok: true, value: { joined: true } });
    await made.vote(first, 'dba-1');
    await runIt(made, first.id);
    const again = await made.execute('UPDATE customers', {}, { idempotencyKey: 'k' });
    expect(again).toMatchObject({ ok: true, value: { session: { id: first.id, status: 'succeeded' } } });
    expect(codeOf(await made.execute('UPDATE orders', {}, { idempotencyKey: 'k' }))).toBe('idempotency_conflict');
  });

  test('of a caller that can only repeat itself gets the answer of the approved run, once, and is then asked anew', async () => {
    const made = world();
    const repeat = () => made.execute('UPDATE customers', {}, { collects: true });
    const first = await repeat();
    if (!first.ok) throw new Error('it was refused');
    const { id } = first.value.session;
    expect(first.value.session.status).toBe('pending_approval');
    await made.vote(first.value.session, 'dba-1');
    // Agreed to, and not run yet: no second question.
    expect(await repeat()).toMatchObject({ ok: true, value: { session: { id } } });
    await runIt(made, id);
    const [one, other] = await Promise.all([repeat(), repeat()]);
    const ids = [one, other].map((answer) => (answer.ok ? answer.value.session.id : ''));
    expect(ids.filter((found) => found === id)).toHaveLength(1);
    const next = ids.find((found) => found !== id) ?? '';
    expect(made.store.sessionOf(id).status).toBe('succeeded');
    expect(made.store.sessionOf(next).status).toBe('pending_approval');
    // The run was one; who did not say that it collects is not given it.
    expect(made.connector.calls).toHaveLength(1);
    expect(await made.execute('UPDATE customers')).toMatchObject({ ok: true, value: { session: { id: next } } });
  });

  test('that people denied is told so once to a caller that can only repeat itself', async () => {
    const made = world();
    const repeat = () => made.execute('UPDATE customers', {}, { collects: true });
    const first = await repeat();
    if (!first.ok) throw new Error('it was refused');
    await made.vote(first.value.session, 'dba-1', { verdict: 'deny', comment: 'Not today.' });
    const second = await repeat();
    expect(second).toMatchObject({ ok: true, value: { session: { id: first.value.session.id } } });
    const third = await repeat();
    expect(third.ok && third.value.session.id).not.toBe(first.value.session.id);
  });

  test('counts once towards what may wait, and gives its place back when it ends', async () => {
    const made = world();
    for (const table of ['a', 'b', 'c']) await made.ask('orders', `UPDATE ${table}`);
    expect((await made.execute('UPDATE a')).ok).toBe(true);
    expect(await made.execute('UPDATE d')).toMatchObject({
      error: { refusal: { code: 'too_many_pending', limit: 3 } },
    });
    const waiting = await made.execute('UPDATE b');
    if (waiting.ok) await made.vote(waiting.value.session, 'dba-1', { verdict: 'deny', comment: 'no' });
    expect((await made.execute('UPDATE d')).ok).toBe(true);
    expect(codeOf(await made.execute('UPDATE e'))).toBe('too_many_pending');
  });
});

describe('limits', () => {
  const limits = (more: object) => world({ limits: { pendingPerAgent: 3, ...more } });

  test.each<[string, object]>([
    ['agent', { agent: { requestsPerMinute: 2 } }],
    ['group', { groups: { ci: { requestsPerMinute: 2 } } }],
    ['connection', { connections: { orders: { requestsPerMinute: 2 } } }],
  ])('of requests a minute hold an %s, whatever the verdict, and begin anew', async (of, more) => {
    const made = limits(more);
    await made.execute('SELECT 1');
    await made.execute('DROP t');
    for (const statement of ['SELECT 1', 'UPDATE t', 'DROP t', 'NONSENSE'])
      expect(await made.execute(statement)).toMatchObject({
        ok: false,
        error: { refusal: { code: 'rate_limited', of, limit: 2, retryAfterSeconds: 60 }, recorded: true },
      });
    expect(made.connector.calls).toHaveLength(1);
    made.advance(60);
    expect((await made.execute('SELECT 1')).ok).toBe(true);
  });

  test('of another agent are its own', async () => {
    const made = limits({ agent: { requestsPerMinute: 1 } });
    await made.execute('SELECT 1');
    expect(codeOf(await made.execute('SELECT 1'))).toBe('rate_limited');
    expect((await made.execute('SELECT 1', {}, { agent: other })).ok).toBe(true);
  });

  test.each([
    ['rows', { rowsPerDay: 2 }],
    ['bytes', { bytesPerDay: 60 }],
  ])('of %s a day refuse once they are used up', async (_what, quota) => {
    const made = limits({ agent: quota });
    expect((await made.execute('SELECT 1')).ok).toBe(true);
    expect((await made.execute('SELECT 1')).ok).toBe(true);
    const refused = await made.execute('SELECT 1');
    expect(refused).toMatchObject({ error: { refusal: { code: 'rate_limited', of: 'agent' } } });
    expect(made.connector.calls).toHaveLength(2);
    made.advance(86_400);
    expect((await made.execute('SELECT 1')).ok).toBe(true);
  });

  test('that cannot be counted refuse', async () => {
    const made = world();
    made.deps.controls.meter.admit = () =>
      Promise.resolve({ ok: false, error: { code: 'record_unavailable', message: '' } });
    for (const statement of ['SELECT 1', 'UPDATE t', 'DROP t'])
      expect(codeOf(await made.execute(statement))).toBe('record_unavailable');
    expect(made.connector.calls).toEqual([]);
  });

  test('are counted beside the work: the count does not delay an allowed statement', async () => {
    const made = world();
    const order: string[] = [];
    const admit = made.deps.controls.meter.admit.bind(made.deps.controls.meter);
    const create = made.deps.store.create.bind(made.deps.store);
    const { promise: slow, resolve: release } = Promise.withResolvers<undefined>();
    made.deps.controls.meter.admit = async (...given) => {
      await slow;
      order.push('counted');
      return admit(...given);
    };
    made.deps.store.create = (...given) => {
      order.push('intent');
      release(undefined);
      return create(...given);
    };
    expect((await made.execute('SELECT 1')).ok).toBe(true);
    expect(order).toEqual(['intent', 'counted']);
  });

  test('a repeat under its key of a request that was one too many hears that it was, and runs nothing', async () => {
    const made = limits({ agent: { requestsPerMinute: 1 } });
    await made.execute('SELECT 1');
    expect(codeOf(await made.execute('SELECT 1', {}, { idempotencyKey: 'k' }))).toBe('rate_limited');
    made.advance(60);
    await made.execute('SELECT 1', {}, { idempotencyKey: 'k' });
    expect(made.connector.calls).toHaveLength(1);
  });
});

describe('a lease', () => {
  const TERMS: LeaseTerms = { minutes: 30, runs: 3, rows: 100, bounds: [{ index: 0, min: '1', max: '9' }] };
  const grant = async (
    made: World,
    terms: Partial<LeaseTerms> = {},
    who = 'dba-1',
    text = 'UPDATE t 5',
    where = 'orders',
  ) => {
    const session = await made.ask(where, text);
    const receipt = await castBallot(made.deps, {
      session: session.id,
      seal: session.asked?.seal ?? '',
      verdict: 'approve',
      voter: { via: 'api', person: who },
      lease: { ...TERMS, ...terms },
    });
    return { session, receipt };
  };
  const leaseId = (receipt: Awaited<ReturnType<typeof grant>>['receipt']): string =>
    (receipt.ok ? receipt.value.lease : undefined) ?? '';
  const statusOf = (answer: Awaited<ReturnType<World['execute']>>) =>
    answer.ok ? answer.value.session.status : answer.error.refusal.code;

  test('lets statements of its shape run at once, within its bounds, so often and no more, each under its name', async () => {
    const made = world({ limits: { pendingPerAgent: 50 } });
    const { receipt } = await grant(made);
    expect(receipt).toMatchObject({ ok: true, value: { kind: 'counted', state: 'approved' } });
    const id = leaseId(receipt);
    const answers = [];
    for (const statement of ['UPDATE t 1', 'UPDATE t 9', 'UPDATE t 10', 'UPDATE t 0', 'UPDATE u 5', 'UPDATE t 5'])
      answers.push(await made.execute(statement));
    expect(answers.map(statusOf)).toEqual([
      'succeeded',
      'succeeded',
      'pending_approval',
      'pending_approval',
      'pending_approval',
      'succeeded',
    ]);
    expect(statusOf(await made.execute('UPDATE t 4'))).toBe('pending_approval');
    const [first] = answers;
    if (first?.ok !== true) throw new Error('refused');
    expect(first.value.session.intent).toMatchObject({ approvals: ['dba'], leases: [{ lease: id, by: 'dba-1' }] });
    expect(first.value.session.decided?.decision.verdict).toBe('allow');
  });

  test('never gives more runs than it has, whoever comes at once', async () => {
    const made = world({ limits: { pendingPerAgent: 100 } });
    await grant(made, { runs: 4 });
    const all = await Promise.all(
      Array.from({ length: 12 }, (_none, index) => made.execute(`UPDATE t ${String((index % 9) + 1)}`)),
    );
    expect(all.filter((one) => statusOf(one) === 'succeeded')).toHaveLength(4);
    expect(made.connector.calls).toHaveLength(4);
  });

  test.each<[string, (made: World, id: string) => unknown]>([
    ['its time', (made) => made.advance(30 * 60)],
    [
      'other policies',
      (made) =>
        made.configure(
          bundleOf([...LEASED, '@id("x") forbid (principal, action in Action::"destroy", resource);'], OPERATED),
        ),
    ],
    [
      'another target',
      (made) =>
        made.configure(
          bundleOf(LEASED, {
            ...OPERATED,
            connections: GATEWAY.connections.map((one) => ({ ...one, database: 'other' })),
          }),
        ),
    ],
    [
      'its approver leaving the group',
      (made) =>
        made.configure(
          bundleOf(LEASED, {
            ...OPERATED,
            people: OPERATED.people.map((one) => (one.id === 'dba-1' ? { ...one, groups: [] } : one)),
          }),
        ),
    ],
    ['being revoked', (made, id) => revokeLease(made.deps, config(made), person(made, 'dba-2'), id, 'enough')],
    [
      'a stop, even when it is lifted',
      async (made) => {
        const stopped = await stopAs(made, 'op', { connection: 'orders' });
        if (!stopped.ok) throw new Error('not stopped');
        expect(stopped.value.revoked).toHaveLength(1);
        await resume(made.deps, config(made), person(made, 'op'), stopped.value.stop.id, '');
      },
    ],
  ])('ends with %s, and people are asked', async (_what, end) => {
    const made = world();
    const { receipt } = await grant(made);
    expect(statusOf(await made.execute('UPDATE t 1'))).toBe('succeeded');
    await end(made, leaseId(receipt));
    expect(statusOf(await made.execute('UPDATE t 1'))).toBe('pending_approval');
    expect(made.connector.calls).toHaveLength(1);
  });

  test('is for its agent, through its chain, on its connection, and nobody else', async () => {
    const made = world();
    await grant(made);
    const acting = { ...bot, act: [{ issuer: 'i', subject: 's' }] };
    for (const agent of [other, acting])
      expect(statusOf(await made.execute('UPDATE t 1', {}, { agent }))).toBe('pending_approval');
    expect(statusOf(await made.execute('UPDATE t 1', { connection: 'vault' }))).toBe('pending_approval');
  });

  test('of one person is not two: a quorum of two wants two leases', async () => {
    const made = world();
    const { session } = await grant(made, {}, 'dba-1', 'UPDATE t 5', 'ledger');
    expect(statusOf(await made.execute('UPDATE t 5', { connection: 'ledger' }))).toBe('pending_approval');
    const second = await castBallot(made.deps, {
      session: session.id,
      seal: session.asked?.seal ?? '',
      verdict: 'approve',
      voter: { via: 'api', person: 'dba-2' },
      lease: TERMS,
    });
    expect(second).toMatchObject({ ok: true, value: { state: 'approved' } });
    const ran = await made.execute('UPDATE t 6', { connection: 'ledger' });
    expect(statusOf(ran)).toBe('succeeded');
    expect(ran.ok && ran.value.session.intent?.leases?.map(({ by }) => by).sort()).toEqual(['dba-1', 'dba-2']);
  });

  test('has a budget of rows: what is set aside and not used comes back, what is used does not', async () => {
    const made = world();
    const { receipt } = await grant(made, { rows: 2, runs: 10 });
    const left = () => made.deps.controls.leased.get(leaseId(receipt))?.rowsLeft;
    expect(statusOf(await made.execute('UPDATE t 1'))).toBe('succeeded');
    expect(left()).toBe(1);
    expect(statusOf(await made.execute('UPDATE t 1'))).toBe('succeeded');
    expect([left(), statusOf(await made.execute('UPDATE t 1'))]).toEqual([0, 'pending_approval']);
  });

  test('keeps the rows set aside of a run that nobody knows the end of', async () => {
    const made = world();
    const { receipt } = await grant(made, { rows: 50 });
    made.connector.answer = () => ({ kind: 'unknown', message: 'lost' });
    await made.execute('UPDATE t 1');
    expect(made.deps.controls.leased.get(leaseId(receipt))).toMatchObject({ rowsLeft: 33, runsLeft: 2 });
  });

  test.each<[string, Partial<LeaseTerms>]>([
    ['minutes: at most 60', { minutes: 61 }],
    ['runs: at most 100', { runs: 101 }],
    ['rows: at most 10000', { rows: 10_001 }],
    ['there is no constant 1', { bounds: [{ index: 1, min: '1', max: '2' }] }],
    ['needs both min and max', { bounds: [{ index: 0, max: '2' }] }],
    ['either min and/or max, or in', { bounds: [{ index: 0 }] }],
    [
      'bounded twice',
      {
        bounds: [
          { index: 0, in: ['1'] },
          { index: 0, in: ['2'] },
        ],
      },
    ],
    ['not a plain number', { bounds: [{ index: 0, min: '1', max: '1e9' }] }],
  ])('past what may be granted is refused (%s), and the vote does not count', async (detail, terms) => {
    const made = world();
    const { session, receipt } = await grant(made, terms);
    expect(receipt).toMatchObject({ ok: false, error: { code: 'lease_not_allowed' } });
    expect(receipt.ok ? '' : 'detail' in receipt.error ? receipt.error.detail : '').toContain(detail);
    expect(made.store.sessionOf(session.id).votes).toEqual([]);
  });

  test('is off unless policy says so', async () => {
    const made = world({}, POLICIES);
    const { session, receipt } = await grant(made);
    expect(receipt).toMatchObject({ ok: false, error: { code: 'lease_not_allowed' } });
    expect(session.asked?.shape).toBeUndefined();
  });

  test('whose agent its approver answers for is none', async () => {
    const made = world();
    await grant(made);
    expect(statusOf(await made.execute('UPDATE t 1', {}, { agent: { ...bot, owner: 'dba-1' } }))).toBe(
      'pending_approval',
    );
  });

  test('is seen by its agent, its group, operators and auditors; revoked by who could grant it and operators', async () => {
    const made = world();
    const { receipt } = await grant(made);
    const id = leaseId(receipt);
    const sees = async (who: string | Agent) => {
      const caller = typeof who === 'string' ? person(made, who) : who;
      const listed = await listLeases(made.deps, config(made), caller);
      return listed.ok && listed.value.length === 1;
    };
    const seen = await Promise.all([bot, other, 'dba-1', 'dba-2', 'auditor', 'op', 'sec-1'].map(sees));
    expect(seen).toEqual([true, false, true, true, true, true, false]);
    for (const who of ['sec-1', 'auditor'])
      expect(await revokeLease(made.deps, config(made), person(made, who), id, '')).toMatchObject({
        error: { code: 'lease_not_found' },
      });
    expect(await revokeLease(made.deps, config(made), person(made, 'op'), id, 'r')).toMatchObject({
      ok: true,
      value: { revoked: { by: 'op', reason: 'r' } },
    });
    expect(made.deps.controls.acted).toMatchObject([{ type: 'lease_revoked', by: 'op', data: { lease: id } }]);
  });

  test('that could not be kept is kept by voting once more, and only once', async () => {
    const made = world();
    const create = made.deps.controls.leases.create.bind(made.deps.controls.leases);
    made.deps.controls.leases.create = () =>
      Promise.resolve({ ok: false, error: { code: 'record_unavailable', message: '' } });
    const session = await made.ask('orders', 'UPDATE t 5');
    const ballot = {
      session: session.id,
      seal: session.asked?.seal ?? '',
      verdict: 'approve',
      voter: { via: 'api', person: 'dba-1' },
      lease: TERMS,
    } as const;
    expect(await castBallot(made.deps, ballot)).toMatchObject({ ok: false, error: { code: 'record_unavailable' } });
    made.deps.controls.leases.create = create;
    const again = await castBallot(made.deps, ballot);
    expect(again).toMatchObject({ ok: true, value: { kind: 'already' } });
    expect(made.deps.controls.leased.size).toBe(1);
  });

  test('that cannot be read asks people', async () => {
    const made = world();
    await grant(made);
    made.deps.controls.leases.of = () =>
      Promise.resolve({ ok: false, error: { code: 'record_unavailable', message: '' } });
    expect(statusOf(await made.execute('UPDATE t 1'))).toBe('pending_approval');
  });
});
