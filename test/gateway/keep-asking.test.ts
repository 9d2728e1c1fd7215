import { describe, expect, test } from 'vitest';
import type { Session } from '../../shared/domain/session.ts';
import { askApprovers } from '../../shared/gateway/approval/ask-approvers.ts';
import { concludeApproval } from '../../shared/gateway/approval/conclude-approval.ts';
import { createAfterwards, leftOpen, showVotes } from '../../shared/gateway/approval/keep-up-to-date.ts';
import { runApproved } from '../../shared/gateway/approval/run-approved.ts';
import { viewSession } from '../../shared/gateway/view-session.ts';
import type { SessionStore } from '../../shared/gateway/ports/session-store.ts';
import { answerSession } from '../../shared/gateway/http/answer-session.ts';
import { err } from '../../shared/platform/result.ts';
import { bundleOf, createWorld, GATEWAY, POLICIES, type World } from './world.ts';

const ESCALATING = `@id("orders-dba") @approval("dba") @denials("2") @escalate("sec") @escalate_after("10m") @expires("30m")
  forbid (principal, action in Action::"write", resource in Connection::"orders") unless { context.approvals.containsAny(["dba", "sec"]) };`;
const SECOND = '@escalate("sec") @escalate_after("10m")';
const rest = POLICIES.filter((text) => !text.includes('"orders-dba"'));

async function asking(more: (text: string) => string = (text) => text, gateway: object = GATEWAY) {
  const world = createWorld();
  world.configure(bundleOf([...rest, more(ESCALATING)], gateway));
  const session = await world.ask();
  let tokens = 0;
  /** The workflow's wait that begins so many seconds after the question. */
  const wait = async (moment: number) => {
    world.advance(
      Math.max(0, moment - Math.floor((world.deps.clock().getTime() - Date.parse(session.startedAt)) / 1_000)),
    );
    return askApprovers(world.deps, session.id, { taskToken: `token-${String((tokens += 1))}`, moment });
  };
  await wait(0);
  return { world, session, wait, now: () => world.store.sessionOf(session.id) };
}

const types = (session: Session): string => session.events.map(({ type }) => type).join(' ');
const told = (world: World) => world.told.map(({ channel, kind }) => `${kind} ${channel}`);

describe('a question that nobody answers', () => {
  test('is brought to mind at half and nine tenths of its time, and each is on record with whom it reached', async () => {
    const { world, wait, now } = await asking((text) => text.replace(SECOND, ''));
    await wait(900);
    await wait(1_620);
    expect(told(world)).toEqual(['ask C0DBA', 'halfway C0DBA', 'last_call C0DBA']);
    const events = now().events.filter(({ type }) => type === 'told');
    expect(events.map(({ data, at }) => [at.slice(11, 19), data])).toEqual([
      ['10:00:00', { occasion: 'asked', to: [{ group: 'dba', channel: 'C0DBA' }], missed: [] }],
      ['10:15:00', { occasion: 'halfway', to: [{ group: 'dba', channel: 'C0DBA' }], missed: [] }],
      ['10:27:00', { occasion: 'last_call', to: [{ group: 'dba', channel: 'C0DBA' }], missed: [] }],
    ]);
  });

  test('is never brought to mind twice for one occasion, however often the task runs or at once', async () => {
    const { world, wait } = await asking();
    await Promise.all([wait(900), wait(900), wait(900)]);
    await wait(900);
    expect(told(world).filter((one) => one.startsWith('halfway'))).toEqual(['halfway C0DBA', 'halfway C0SEC']);
  });

  test('is not brought to mind where policy wants it quiet', async () => {
    const { world, wait } = await asking((text) => text.replace(SECOND, '@remind("off")'));
    await wait(900);
    await wait(1_620);
    expect(told(world)).toEqual(['ask C0DBA']);
  });

  test('catches up with the last reminder only, when the one before was missed', async () => {
    const { world, wait } = await asking();
    await wait(1_620);
    expect(told(world).filter((one) => one.startsWith('last_call') || one.startsWith('halfway'))).toEqual([
      'last_call C0DBA',
      'last_call C0SEC',
    ]);
  });

  test('says on record whom a reminder did not reach', async () => {
    const { world, wait, now } = await asking((text) => text.replace(SECOND, ''));
    world.deps.notifier = {
      ...world.deps.notifier,
      remind: () => Promise.resolve(err({ retryAfterSeconds: 30, message: 'Slack asks to wait 30 s' })),
    };
    await wait(900);
    expect(now().events.at(-1)).toMatchObject({
      type: 'told',
      data: { to: [], missed: [{ channel: 'C0DBA', why: 'Slack asks to wait 30 s' }] },
    });
  });

  test('expires with what it was short of, and that is not a denial', async () => {
    const { world, session, wait, now } = await asking();
    await wait(600);
    await world.vote(session, 'dba-1', { verdict: 'deny', comment: 'Not sure.' });
    await concludeApproval(world.deps, session.id, 'expired');
    expect(now().ended).toEqual({
      how: 'expired',
      why: 'Not enough people answered in time: 1 more of dba or 1 more of sec would have been needed. dba-1 said no so far.',
    });
    const answer = answerSession(now(), undefined, true);
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 403,
      code: 'approval_expired',
      detail: expect.stringMatching(/Nothing has run, and it was not denied\. Submit it again/) as string,
    });
  });
});

describe('a second group', () => {
  test('is asked when its time comes, is on record, and its yes runs the statement', async () => {
    const { world, session, wait, now } = await asking();
    expect(await world.vote(session, 'sec-1')).toMatchObject({ error: { code: 'vote_not_allowed', why: 'not_asked' } });
    await wait(600);
    expect(types(now())).toMatch(/^submitted decided asked .*escalated told told$/);
    expect(told(world)).toContain('ask C0SEC');
    expect(viewSession(now()).approval).toMatchObject({
      groups: ['dba', 'sec'],
      needed: [{ group: 'dba', more: 1, or: { group: 'sec', more: 1 } }],
    });
    expect(await world.vote(session, 'sec-1')).toMatchObject({ ok: true, value: { state: 'approved' } });
    expect(await runApproved(world.deps, session.id)).toMatchObject({ value: { status: 'succeeded' } });
    expect(now().intent?.approvals).toEqual(['sec']);
  });

  test('is asked once', async () => {
    const { world, wait, now } = await asking();
    await wait(600);
    await wait(600);
    await wait(900);
    expect(now().escalated).toEqual(['sec']);
    expect(told(world).filter((one) => one === 'ask C0SEC' || one === 'escalation C0SEC')).toHaveLength(2);
  });

  test('is not asked when the first has answered', async () => {
    const { world, session, wait, now } = await asking();
    await world.vote(session, 'dba-1');
    await wait(600);
    expect(now().escalated).toEqual([]);
    expect(told(world)).toEqual(['ask C0DBA']);
  });

  test('lifts nothing once policy no longer takes it', async () => {
    const { world, session, wait } = await asking();
    await wait(600);
    await world.vote(session, 'sec-1');
    world.configure(
      bundleOf([
        ...rest,
        ESCALATING.replace('containsAny(["dba", "sec"])', 'contains("dba")').replace(
          '@escalate("sec") @escalate_after("10m")',
          '',
        ),
      ]),
    );
    expect(await runApproved(world.deps, session.id)).toMatchObject({ value: { status: 'expired' } });
    expect(world.connector.calls).toEqual([]);
  });
});

describe('a vote that meets the end of a wait', () => {
  test('wakes the wait that has begun since, not the one it had read of', async () => {
    const { world, session, wait } = await asking();
    const append: SessionStore['append'] = (...given) => world.store.append(...given);
    world.deps.store = {
      ...world.store,
      append: async (...given) => {
        world.deps.store = world.store;
        await wait(900);
        return append(...given);
      },
    };
    await world.vote(session, 'dba-1');
    expect(world.workflow.woken.at(-1)).toEqual({ token: 'token-2', outcome: 'approved' });
  });

  test('is delivered by the next wait when it came before its token was kept', async () => {
    const { world, session, wait } = await asking();
    await world.vote(session, 'dba-1');
    await wait(900);
    expect(world.workflow.woken).toEqual([
      { token: 'token-1', outcome: 'approved' },
      { token: 'token-2', outcome: 'approved' },
    ]);
    expect(told(world)).not.toContain('halfway C0DBA');
  });
});

describe('denials up to a threshold', () => {
  test('leave it open until there are as many as policy says, and then give every reason', async () => {
    const { world, session, now } = await asking();
    const no = (comment: string) => ({ verdict: 'deny', comment }) as const;
    expect(await world.vote(session, 'dba-1', no('Too early.'))).toMatchObject({
      value: { state: 'open', verdict: 'deny' },
    });
    expect(await world.vote(session, 'dba-2', no('Wrong table.'))).toMatchObject({ value: { state: 'denied' } });
    expect(now().ended).toEqual({ how: 'denied', why: 'dba-1: Too early. dba-2: Wrong table.', by: 'dba-2' });
    expect(JSON.parse(answerSession(now(), undefined, true).body)).toMatchObject({
      code: 'approval_denied',
      detail: expect.stringMatching(
        /^Denied by people: dba-1: Too early\. dba-2: Wrong table\. Nothing has run\./,
      ) as string,
    });
  });

  test('may be taken back', async () => {
    const { world, session } = await asking();
    await world.vote(session, 'dba-1', { verdict: 'deny', comment: 'Hm.' });
    expect(await world.vote(session, 'dba-1')).toMatchObject({ value: { state: 'approved' } });
  });
});

describe('what a waiting agent is told', () => {
  test.each<[string, (world: World, session: Session) => Promise<unknown>, string]>([
    [
      'at first',
      () => Promise.resolve(),
      'Nothing has run. Needed: 1 more of dba, until 2026-11-21T10:30:00.000Z. Nobody has answered yet.',
    ],
    [
      'after a no',
      (world, session) => world.vote(session, 'dba-1', { verdict: 'deny', comment: 'x' }),
      'Needed: 1 more of dba, until 2026-11-21T10:30:00.000Z. dba-1 said no so far.',
    ],
    ['after the yes', (world, session) => world.vote(session, 'dba-1'), 'It is approved and about to run.'],
  ])('%s', async (_when, act, words) => {
    const { world, session, now } = await asking();
    await act(world, session);
    expect(viewSession(now()).approval?.detail).toContain(words);
    expect(answerSession(now(), undefined, true).statusCode).toBe(202);
  });
});

describe('a vote that leaves it open', () => {
  test('is shown in the message, and so is one that comes while that is being written', async () => {
    const { world, session } = await asking((text) =>
      text.replace('@denials("2")', '@quorum("3")').replace(SECOND, ''),
    );
    const shown: number[] = [];
    world.deps.notifier = {
      ...world.deps.notifier,
      update: async (view) => {
        shown.push(view.votes.length);
        if (shown.length === 1) await world.vote(session, 'both');
        return { ok: true, value: undefined };
      },
    };
    const receipt = await world.vote(session, 'dba-1');
    expect(receipt.ok && leftOpen(receipt.value)).toBe(true);
    await showVotes(world.deps, session.id);
    expect(shown).toEqual([1, 2]);
  });

  test('is left to the workflow to show when it ended the question', async () => {
    const { world, session } = await asking();
    const receipt = await world.vote(session, 'dba-1');
    expect(receipt.ok && leftOpen(receipt.value)).toBe(false);
    await showVotes(world.deps, session.id);
    expect(told(world)).toEqual(['ask C0DBA']);
  });

  test('waits for a message that hangs no longer than a second', async () => {
    const { world, session } = await asking();
    world.deps.notifier = { ...world.deps.notifier, update: () => new Promise(() => undefined) };
    const afterwards = createAfterwards(world.deps);
    afterwards.begin(() => showVotes(world.deps, session.id));
    await afterwards.settled();
    expect(world.deps.clock().toISOString()).toBe('2026-11-21T10:00:01.000Z');
  });
});
