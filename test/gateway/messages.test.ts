import { describe, expect, test } from 'vitest';
import type { Preview } from '../../shared/connectors/connector.ts';
import { announce } from '../../shared/gateway/approval/announce.ts';
import { askApprovers } from '../../shared/gateway/approval/ask-approvers.ts';
import { concludeApproval } from '../../shared/gateway/approval/conclude-approval.ts';
import { showVotes } from '../../shared/gateway/approval/keep-up-to-date.ts';
import { mendPressed } from '../../shared/gateway/approval/mend-pressed.ts';
import { patient } from '../../shared/gateway/approval/patient.ts';
import { sweep } from '../../shared/gateway/record/sweep.ts';
import type { Notifier, NotifyFault } from '../../shared/gateway/ports/notifier.ts';
import type { Session } from '../../shared/domain/session.ts';
import { err, ok } from '../../shared/platform/result.ts';
import { bundleOf, createWorld, POLICIES, type World } from './world.ts';

const OVER_A_WEEK = 8 * 86_400;

/** A Slack that refuses while `fault` is set, and counts how often it was called. */
function troubled(world: World) {
  const { notifier } = world.deps;
  const slack = { fault: undefined as NotifyFault | undefined, calls: 0 };
  const unless = <T>(call: () => Promise<T>) => {
    slack.calls += 1;
    return slack.fault === undefined ? call() : Promise.resolve(err(slack.fault));
  };
  world.deps.notifier = {
    ask: (view, channel) => unless(() => notifier.ask(view, channel)),
    update: (view, ref) => unless(() => notifier.update(view, ref)),
    remind: (view, ref, occasion) => unless(() => notifier.remind(view, ref, occasion)),
  };
  return slack;
}

const asked = async (world: World): Promise<Session> => {
  const session = await world.ask();
  await askApprovers(world.deps, session.id, { taskToken: 'token' });
  return session;
};
const denied = async (world: World): Promise<Session> => {
  const session = await asked(world);
  await world.vote(session, 'dba-1', { verdict: 'deny', comment: 'no' });
  return session;
};
const told = (world: World) => world.told.map(({ kind, status }) => `${kind} ${status}`);
const sweptAfter = async (world: World, seconds: number): Promise<number> => {
  const before = world.told.length;
  world.advance(seconds);
  await sweep(world.deps);
  return world.told.length - before;
};

describe('a message', () => {
  test('whose last word does not get through is brought up to date by the sweep, once', async () => {
    const world = createWorld();
    const slack = troubled(world);
    const session = await denied(world);
    slack.fault = { retryAfterSeconds: 0, message: 'down' };
    expect((await concludeApproval(world.deps, session.id, 'settled')).ok).toBe(true);
    expect(told(world)).toEqual(['ask pending_approval']);
    slack.fault = undefined;
    expect(await sweptAfter(world, 61)).toBe(1);
    expect(told(world)).toEqual(['ask pending_approval', 'update denied']);
    expect(await sweptAfter(world, 3_600)).toBe(0);
  });

  test('whose workflow never came to its end is brought up to date all the same', async () => {
    const world = createWorld();
    await denied(world);
    expect(await sweptAfter(world, 301)).toBe(1);
    expect(told(world).at(-1)).toBe('update denied');
  });

  test('is not tried sooner than Slack asks for', async () => {
    const world = createWorld();
    const slack = troubled(world);
    const session = await denied(world);
    slack.fault = { retryAfterSeconds: 900, message: 'wait' };
    await concludeApproval(world.deps, session.id, 'settled');
    const { calls } = slack;
    for (let minute = 0; minute < 14; minute += 1) await sweptAfter(world, 60);
    expect(slack.calls).toBe(calls);
    slack.fault = undefined;
    expect(await sweptAfter(world, 90)).toBe(1);
  });

  test('is tried ever more seldom, and given up after a week', async () => {
    const world = createWorld();
    const slack = troubled(world);
    const session = await denied(world);
    slack.fault = { retryAfterSeconds: 0, message: 'down' };
    await concludeApproval(world.deps, session.id, 'settled');
    const calls: number[] = [];
    for (const seconds of [600, 86_400, 86_400]) {
      const before = slack.calls;
      for (let at = 0; at < seconds; at += 60) await sweptAfter(world, 60);
      calls.push(slack.calls - before);
    }
    expect(calls[0]).toBeGreaterThanOrEqual(2);
    expect(calls[0]).toBeLessThan(6);
    expect(calls[2]).toBeLessThan(26);
    await sweptAfter(world, OVER_A_WEEK);
    expect(world.logged).toContain('notice given up');
    const after = slack.calls;
    await sweptAfter(world, 86_400);
    expect(slack.calls).toBe(after);
  });

  test('that is gone from Slack is left alone, and the others are not', async () => {
    const world = createWorld();
    const slack = troubled(world);
    const session = await denied(world);
    slack.fault = { retryAfterSeconds: 0, message: 'Slack refused: message_not_found', never: true };
    await concludeApproval(world.deps, session.id, 'settled');
    const { calls } = slack;
    expect(await sweptAfter(world, 3_600)).toBe(0);
    expect(slack.calls).toBe(calls);
  });

  test('that an older state is written over after the end is brought up to date once more', async () => {
    const world = createWorld();
    world.configure(bundleOf([...POLICIES.filter((text) => !text.includes('"ledger-two-dbas"')), TWO]));
    const session = await world.ask('ledger');
    await askApprovers(world.deps, session.id, { taskToken: 'token' });
    await world.vote(session, 'dba-1');
    const { notifier } = world.deps;
    // The end is decided and told while the first vote is on its way to Slack, and that lands last, of a process that dies.
    world.deps.notifier = {
      ...notifier,
      update: async (view, ref) => {
        world.deps.notifier = notifier;
        await world.vote(session, 'dba-2', { verdict: 'deny', comment: 'no' });
        await concludeApproval(world.deps, session.id, 'settled');
        await notifier.update(view, ref);
        throw new Error('the process is gone');
      },
    };
    await expect(showVotes(world.deps, session.id)).rejects.toThrow('gone');
    expect(told(world).slice(1)).toEqual(['update denied', 'update pending_approval']);
    expect(await sweptAfter(world, 120)).toBe(1);
    expect(told(world).at(-1)).toBe('update denied');
    expect(await sweptAfter(world, 3_600)).toBe(0);
  });

  test('whose place died with its poster is known once somebody presses on it, and mended', async () => {
    const world = createWorld();
    const session = await denied(world);
    await concludeApproval(world.deps, session.id, 'settled');
    const stray = { channel: 'C0DBA', ts: '99.99' };
    await mendPressed(world.deps, session.id, stray);
    await mendPressed(world.deps, session.id, stray);
    const notices = await world.deps.notices.of(session.id);
    expect(notices.ok && notices.value.filter(({ ts }) => ts === stray.ts)).toHaveLength(1);
    expect(told(world).filter((one) => one === 'update denied').length).toBeGreaterThanOrEqual(3);
    await mendPressed(world.deps, 'ses_of_nobody', stray);
    expect(await world.deps.notices.of('ses_of_nobody')).toEqual(ok([]));
  });
});

const TWO = `@id("ledger-two-dbas") @approval("dba") @quorum("2")
  forbid (principal, action in Action::"write", resource in Connection::"ledger") unless { context.approvals.contains("dba") };`;

describe('a question', () => {
  test('that two announce at once is posted once', async () => {
    const world = createWorld();
    const session = await world.ask();
    const { gateway } = world.runtime().bundle;
    await Promise.all([1, 2, 3].map(() => announce(world.deps, gateway, session)));
    expect(told(world)).toEqual(['ask pending_approval']);
  });

  test('is not posted sooner than Slack asks for, and then is', async () => {
    const world = createWorld();
    const slack = troubled(world);
    slack.fault = { retryAfterSeconds: 240, message: 'wait' };
    await asked(world);
    const { calls } = slack;
    slack.fault = undefined;
    for (let minute = 0; minute < 3; minute += 1) expect(await sweptAfter(world, 60)).toBe(0);
    expect(slack.calls).toBe(calls);
    expect(await sweptAfter(world, 120)).toBe(1);
  });

  test('whose asking died is asked again, of those who have not heard, and the newest wait is woken', async () => {
    const world = createWorld();
    const session = await world.ask('vault');
    const { notifier } = world.deps;
    let posts = 0;
    world.deps.notifier = {
      ...notifier,
      ask: (view, channel) => ((posts += 1) === 2 ? Promise.reject(new Error('died')) : notifier.ask(view, channel)),
    };
    await expect(askApprovers(world.deps, session.id, { taskToken: 'first' })).rejects.toThrow('died');
    world.deps.notifier = notifier;
    world.advance(61);
    expect((await askApprovers(world.deps, session.id, { taskToken: 'second', attempt: 1 })).ok).toBe(true);
    expect(world.told.map(({ channel }) => channel).sort()).toEqual(['C0DBA', 'C0SEC']);
    // The write of the first attempt was slow, and comes now.
    await world.store.saveTaskToken(session.id, 'first', 0);
    await world.vote(session, 'dba-1', { verdict: 'deny', comment: 'no' });
    expect(world.workflow.woken).toEqual([{ token: 'second', outcome: 'denied' }]);
  });

  test('that expired lets go of a workflow that would wait for longer', async () => {
    const world = createWorld();
    const session = await asked(world);
    await sweptAfter(world, 1_816);
    expect(world.status(session)).toBe('expired');
    expect(world.workflow.woken).toEqual([{ token: 'token', outcome: 'expired' }]);
  });
});

describe('a question whose rows are to be measured', () => {
  const unmeasured = (world: World) => {
    world.configure(
      bundleOf([
        ...POLICIES.filter((text) => !text.includes('"orders-dba"')),
        `@id("orders-dba") @approval("dba") @rows_tolerance("10%")
         forbid (principal, action in Action::"write", resource in Connection::"orders") unless { context.approvals.contains("dba") };`,
      ]),
    );
    return world;
  };

  test('is told to nobody before it is, and asking is tried again until then', async () => {
    const world = unmeasured(createWorld());
    const session = await world.ask();
    const { store } = world.deps;
    world.deps.store = {
      ...store,
      append: () => Promise.resolve(err({ code: 'record_unavailable', message: 'down' } as const)),
    };
    expect((await askApprovers(world.deps, session.id, { taskToken: 'a' })).ok).toBe(false);
    world.deps.store = store;
    expect(await sweptAfter(world, 60)).toBe(0);
    expect((await askApprovers(world.deps, session.id, { taskToken: 'b', attempt: 1 })).ok).toBe(true);
    expect(told(world)).toEqual(['ask pending_approval']);
    expect(world.store.sessionOf(session.id).asked?.bound?.rowsMax).toBe(1);
  });

  test('shows what it would touch to those who had heard before that was known', async () => {
    const world = createWorld();
    const session = await world.ask();
    await world.store.saveTaskToken(session.id, 'a');
    await sweptAfter(world, 60);
    expect(told(world)).toEqual(['ask pending_approval']);
    const seen: Preview = { rows: { basis: 'measured', rows: 7 }, uncounted: [] };
    world.connector.previewed = seen;
    await askApprovers(world.deps, session.id, { taskToken: 'b', attempt: 1 });
    expect(told(world)).toEqual(['ask pending_approval', 'update pending_approval']);
  });
});

describe('patience with Slack', () => {
  const asking = (waits: readonly number[]) => {
    const slept: number[] = [];
    const left = [...waits];
    const call = () => {
      const retryAfterSeconds = left.shift();
      return Promise.resolve(
        retryAfterSeconds === undefined ? ok(undefined) : err({ retryAfterSeconds, message: 'wait' }),
      );
    };
    const notifier: Notifier = {
      ask: () => Promise.resolve(err({ retryAfterSeconds: 0, message: '' })),
      update: call,
      remind: call,
    };
    return { slept, notifier: patient({ sleep: (ms) => Promise.resolve(void slept.push(ms)) }, notifier) };
  };

  test.each([
    ['waits what Slack asks for and tries again', [2, 3], [2_000, 3_000], true],
    ['has an end, all waits together', [9, 9], [9_000], false],
    ['is not for more than that', [16], [], false],
    ['is not for a Slack that is down', [0], [], false],
  ])('%s', async (_what, waits, expected, done) => {
    const { notifier, slept } = asking(waits);
    const world = createWorld();
    const session = await world.ask();
    const { approvalView } = await import('../../shared/gateway/approval/view.ts');
    const view = approvalView(world.runtime().bundle.gateway, session, 'UPDATE customers');
    if (view === undefined) throw new Error('no view');
    expect((await notifier.update(view, { channel: 'C', ts: '1' })).ok).toBe(done);
    expect(slept).toEqual(expected);
  });
});
