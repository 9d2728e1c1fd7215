import { describe, expect, test } from 'vitest';
import type { Ask } from '../../shared/domain/decision.ts';
import { castReview } from '../../shared/gateway/approval/cast-review.ts';
import { concludeApproval } from '../../shared/gateway/approval/conclude-approval.ts';
import { listSessions } from '../../shared/gateway/read-sessions.ts';
import { sweep } from '../../shared/gateway/record/sweep.ts';
import { sessionsQuerySchema } from '../../shared/contracts/api/sessions-query.ts';
import { err } from '../../shared/platform/result.ts';
import { findChainFault } from '../../shared/domain/chain.ts';
import type { Person } from '../../shared/domain/caller.ts';
import { bot, bundleOf, createWorld, POLICIES, type World } from './world.ts';

const BREAKABLE = `@id("orders-dba") @approval("dba") @quorum("2")
  forbid (principal, action in Action::"write", resource in Connection::"orders")
  unless { context.approvals.contains("dba") || (context.breakGlass && principal in Group::"ci") };`;

function glassWorld(more: string[] = []): World {
  const world = createWorld();
  world.configure(bundleOf([...POLICIES.filter((text) => !text.includes('"orders-dba"')), BREAKABLE, ...more]));
  return world;
}

const broken = async (world: World) => {
  const answered = await world.execute('UPDATE customers', { breakGlass: true, reason: ' The shop is down ' });
  if (!answered.ok) throw new Error(answered.error.refusal.code);
  return answered.value.session;
};
const review = (world: World, session: string, person: string, more: { verdict?: 'objected'; comment?: string } = {}) =>
  castReview(world.deps, {
    session,
    verdict: more.verdict ?? 'accepted',
    comment: more.comment ?? 'Looked at it.',
    voter: { via: 'api', person },
  });
const told = (world: World) => world.told.map(({ channel, kind }) => `${kind} ${channel}`);
const acts = (world: World) => world.deps.controls.acted.map(({ type, data }) => [type, data]);

describe('a broken glass', () => {
  test('runs at once, with the reason and who was skipped on record before the target', async () => {
    const world = glassWorld();
    const session = await broken(world);
    expect(session.status).toBe('succeeded');
    expect(session.events.map(({ type }) => type)).toEqual([
      'submitted',
      'decided',
      'break_glass',
      'decided',
      'intent',
      'masked',
      'outcome',
    ]);
    const skipped: Ask[] = [{ group: 'dba', quorum: 2, expiresSeconds: 1_800 }];
    expect(session.breakGlass).toEqual({ reason: 'The shop is down', skipped });
    expect(session.intent?.approvals).toEqual([]);
    expect(findChainFault(session.events)).toBeUndefined();
    expect(world.workflow.started).toEqual([session.id]);
  });

  test('owes its review before anything runs, and does not run when it cannot', async () => {
    const world = glassWorld();
    world.deps.controls = {
      ...world.deps.controls,
      reviews: {
        ...world.deps.controls.reviews,
        owe: () => Promise.resolve(err({ code: 'record_unavailable', message: 'down' })),
      },
    };
    const answered = await world.execute('UPDATE customers', { breakGlass: true, reason: 'x' });
    expect(answered).toMatchObject({ ok: false, error: { refusal: { code: 'record_unavailable' } } });
    expect(world.connector.calls).toEqual([]);
    expect(world.store.rows.size).toBe(0);
  });

  test('is told to those who were skipped while it runs, and again how it ended, once', async () => {
    const world = glassWorld();
    const session = await broken(world);
    for (let time = 0; time < 2; time += 1) await concludeApproval(world.deps, session.id, 'not_asked');
    expect(told(world)).toEqual(['ask C0DBA', 'update C0DBA', 'update C0DBA']);
    expect(acts(world)).toEqual([
      ['people_told', { session: session.id, occasion: 'break_glass', channels: ['C0DBA'] }],
    ]);
  });

  test('is told by the sweep when the workflow could not, and reminded of every day until it is reviewed', async () => {
    const world = glassWorld();
    const session = await broken(world);
    const day = async (seconds: number) => {
      world.advance(seconds);
      world.told.length = 0;
      await sweep(world.deps);
      return told(world);
    };
    expect(await day(60)).toEqual([]);
    expect(await day(61)).toEqual(['ask C0DBA']);
    // Its last word, since what was posted may have been posted while it ran.
    expect(await day(3_600)).toEqual(['update C0DBA']);
    expect(await day(3_600)).toEqual([]);
    expect(await day(86_400)).toEqual(['review C0DBA']);
    expect(await day(60)).toEqual([]);
    expect(await day(86_400)).toEqual(['review C0DBA']);
    expect(await review(world, session.id, 'dba-1')).toMatchObject({ ok: true });
    expect(await day(86_400)).toEqual([]);
    expect(acts(world).map(([type]) => type)).toEqual(['people_told', 'people_told', 'people_told', 'reviewed']);
  });

  test.each([
    ['a connection whose policy does not have it', 'ledger', bot],
    ['an agent that is in no group named', 'orders', { ...bot, groups: [] }],
  ])('is not open for %s', async (_what, connection, agent) => {
    const world = glassWorld(['@id("all") permit (principal, action, resource);']);
    const answered = await world.execute('UPDATE customers', { connection, breakGlass: true, reason: 'x' }, { agent });
    expect(answered).toMatchObject({
      error: { refusal: { code: 'blocked_by_policy', why: expect.stringContaining('dba will be asked') as string } },
    });
    expect([world.connector.calls, world.workflow.started]).toEqual([[], []]);
    expect(await world.deps.controls.reviews.owed(undefined, 10)).toEqual({ ok: true, value: [] });
  });

  test('opens nothing that people could not have opened', async () => {
    const answered = await glassWorld().execute('DROP TABLE x', { breakGlass: true, reason: 'x' });
    expect(answered).toMatchObject({ error: { refusal: { code: 'blocked_by_policy' } } });
  });

  test('breaks nothing where nobody would have been asked', async () => {
    const world = glassWorld();
    const answered = await world.execute('SELECT 1', { breakGlass: true, reason: 'x' });
    expect(answered).toMatchObject({
      ok: true,
      value: { session: { status: 'succeeded', submitted: { breakGlass: true } } },
    });
    expect(answered.ok && answered.value.session.breakGlass).toBeUndefined();
  });

  test('owes nothing once it turns out that it never ran', async () => {
    const world = glassWorld();
    world.deps.store = {
      ...world.store,
      create: () => Promise.resolve(err({ code: 'record_unavailable', message: 'down' })),
    };
    await world.execute('UPDATE customers', { breakGlass: true, reason: 'x' });
    world.deps.store = world.store;
    world.advance(200);
    await sweep(world.deps);
    expect(await world.deps.controls.reviews.owed(undefined, 10)).toEqual({ ok: true, value: [] });
  });
});

describe('its review', () => {
  test.each([
    ['who is in no group that was skipped', 'sec-1', { code: 'vote_not_allowed', why: 'not_asked' }],
    ['who answers for the agent', 'lead', { code: 'vote_not_allowed', why: 'own_agent' }],
    ['whom nobody knows', 'nobody', { code: 'vote_not_allowed', why: 'unknown_voter' }],
  ])('is not for somebody %s', async (_who, person, error) => {
    const world = glassWorld();
    const session = await broken(world);
    expect(await review(world, session.id, person)).toEqual(err(error));
  });

  test('is closed once, by the first of two, with a word', async () => {
    const world = glassWorld();
    const { id } = await broken(world);
    expect(await review(world, id, 'dba-1', { comment: ' ' })).toEqual(err({ code: 'comment_required' }));
    const both = await Promise.all([review(world, id, 'dba-1'), review(world, id, 'dba-2', { verdict: 'objected' })]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(acts(world).filter(([type]) => type === 'reviewed')).toHaveLength(1);
  });

  test('is owed for nothing else', async () => {
    const world = glassWorld();
    const session = await world.ask();
    expect(await review(world, session.id, 'dba-1')).toEqual(err({ code: 'no_review_owed' }));
    expect(await review(world, 'ses_none', 'dba-1')).toEqual(err({ code: 'session_not_found' }));
  });

  test('is found closed by the sweep when only the act was written', async () => {
    const world = glassWorld();
    const { id } = await broken(world);
    const { reviews } = world.deps.controls;
    const close: typeof reviews.close = () => Promise.resolve(err({ code: 'record_unavailable', message: 'down' }));
    world.deps.controls = { ...world.deps.controls, reviews: { ...reviews, close } };
    expect(await review(world, id, 'dba-1')).toMatchObject({ ok: true });
    world.deps.controls = { ...world.deps.controls, reviews };
    world.advance(200);
    await sweep(world.deps);
    expect(await reviews.get(id)).toMatchObject({ value: { closed: { by: 'dba-1', verdict: 'accepted' } } });
  });

  test('is listed for its agent, for who was skipped and for auditors, and for nobody else', async () => {
    const world = glassWorld();
    const { id } = await broken(world);
    const person = (groups: string[]): Person => ({ kind: 'person', id: 'x', name: 'x', groups, identities: [] });
    const query = sessionsQuerySchema.parse({ review: 'owed' });
    const seen = async (caller: Parameters<typeof listSessions>[2]) => {
      const page = await listSessions(world.deps, world.runtime().bundle.gateway, caller, query);
      return page.ok ? page.value.sessions.map((session) => session.id) : page.error.code;
    };
    const callers = [bot, { ...bot, subject: 'other' }, person(['dba']), person(['sec']), person(['auditor'])];
    expect(await Promise.all(callers.map(seen))).toEqual([[id], [], [id], [], [id]]);
  });
});
