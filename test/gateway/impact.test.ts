import { describe, expect, test } from 'vitest';
import type { Preview } from '../../shared/connectors/connector.ts';
import type { Session } from '../../shared/domain/session.ts';
import { askApprovers } from '../../shared/gateway/approval/ask-approvers.ts';
import { runApproved } from '../../shared/gateway/approval/run-approved.ts';
import { err } from '../../shared/platform/result.ts';
import { rowsOf } from '../support/scripted-connector.ts';
import { bundleOf, createWorld, POLICIES, type World } from './world.ts';

const bound = (annotation: string) =>
  `@id("bound") @approval("dba") ${annotation} @message("Bound.")
   forbid (principal, action in Action::"write", resource in Connection::"orders") unless { context.approvals.contains("dba") };`;

const worldOf = (annotation?: string): World => {
  const world = createWorld();
  if (annotation !== undefined) world.configure(bundleOf([...POLICIES, bound(annotation)]));
  return world;
};
const measured = (rows: number): Preview => ({ rows: { basis: 'measured', rows }, uncounted: [] });
const now = (world: World, session: Session): Session => world.store.sessionOf(session.id);
const asked = async (world: World): Promise<Session> => {
  const session = await world.ask();
  await askApprovers(world.deps, session.id, { taskToken: 'token-1' });
  return now(world, session);
};

describe('what a waiting statement would touch', () => {
  test('is on record before anybody is told, once, and after the agent has had its answer', async () => {
    const world = worldOf();
    let previews = 0;
    world.connector.preview = () => {
      previews += 1;
      expect(world.told).toEqual([]);
      return Promise.resolve(measured(3));
    };
    const session = await world.ask();
    expect(previews).toBe(0);
    await askApprovers(world.deps, session.id, { taskToken: 'token-1' });
    await askApprovers(world.deps, session.id, { taskToken: 'token-2' });
    expect(previews).toBe(1);
    expect(now(world, session).impact).toEqual({ rows: { basis: 'measured', rows: 3 }, uncounted: [] });
    expect(now(world, session).asked?.seal).toBe(session.asked?.seal);
    expect(world.told).toEqual([{ channel: 'C0DBA', kind: 'ask', status: 'pending_approval' }]);
  });

  test('shows rows masked as the agent would see them, and never more of them than an item holds', async () => {
    const world = worldOf();
    const answer = rowsOf(['name', 'email'], [['x'.repeat(500), 'ada@example.com']]);
    if (answer.kind !== 'done') throw new Error('a script without rows');
    world.connector.preview = async (statement) => ({
      ...measured(1),
      sample: { result: answer.result, lineage: await world.connector.lineage(statement, undefined) },
    });
    const session = await asked(world);
    const [row] = session.impact?.sample?.rows ?? [];
    expect(row?.[1]).toBe('[masked:pii.email]');
    expect(row?.[0]).toHaveLength(121);
    expect(JSON.stringify(session.events)).not.toContain('ada@example.com');
  });

  test.each([
    ['throws', () => Promise.reject(new Error('a fault of ours'))],
    ['cannot say', () => Promise.resolve<Preview>({ rows: { basis: 'unknown', why: 'no answer' }, uncounted: [] })],
  ])('blocks nothing where no policy needs it and the connector %s', async (_name, preview) => {
    const world = worldOf();
    world.connector.preview = preview;
    const session = await asked(world);
    expect(session.impact?.rows.basis).toBe('unknown');
    expect(world.told).toHaveLength(1);
    await world.vote(session, 'dba-1');
    expect(await runApproved(world.deps, session.id)).toEqual({ ok: true, value: { status: 'succeeded' } });
  });

  test('is left out when it cannot be written down, and people are told all the same', async () => {
    const world = worldOf();
    const session = await world.ask();
    world.deps.store = {
      ...world.store,
      append: () => Promise.resolve(err({ code: 'record_unavailable', message: 'down' })),
    };
    await askApprovers(world.deps, session.id, { taskToken: 'token-1' });
    expect(now(world, session).impact).toBeUndefined();
    expect(world.told).toHaveLength(1);
  });
});

describe('an approval that is good for a number of rows', () => {
  test('carries the number to the run, under its seal', async () => {
    const world = worldOf('@rows_max("100")');
    const session = await asked(world);
    expect(session.asked?.bound).toEqual({ rowsMax: 100 });
    await world.vote(session, 'dba-1');
    await runApproved(world.deps, session.id);
    expect(world.connector.limits).toEqual([expect.objectContaining({ rowsMax: 100 })]);
  });

  test('is not asked for more than policy lets be approved', async () => {
    const world = worldOf('@rows_max("2")');
    world.connector.previewed = measured(3);
    const session = await asked(world);
    expect([session.status, session.ended?.why]).toEqual([
      'blocked',
      'It would change 3 rows, and policy lets at most 2 be approved. Narrow it down.',
    ]);
    expect(world.told).toEqual([]);
    expect(world.workflow.woken).toEqual([{ token: 'token-1', outcome: 'blocked' }]);
  });

  test('is sealed again with the measured number: a yes to the seal before it counts for nothing', async () => {
    const world = worldOf('@rows_tolerance("50%")');
    world.connector.previewed = measured(4);
    const before = await world.ask();
    expect(await world.vote(before, 'dba-1')).toMatchObject({ ok: false, error: { code: 'seal_mismatch' } });
    await askApprovers(world.deps, before.id, { taskToken: 'token-1' });
    const session = now(world, before);
    expect(session.asked?.bound).toEqual({ rowsMax: 6, tolerancePercent: 50 });
    expect(session.asked?.seal).not.toBe(before.asked?.seal);
    expect(await world.vote(before, 'dba-1')).toMatchObject({ ok: false, error: { code: 'seal_mismatch' } });
    expect(await world.vote(session, 'dba-1')).toMatchObject({ ok: true, value: { state: 'approved' } });
    expect(await runApproved(world.deps, session.id)).toEqual({ ok: true, value: { status: 'succeeded' } });
    expect(world.connector.limits).toEqual([expect.objectContaining({ rowsMax: 6 })]);
  });

  test.each<[string, Preview]>([
    ['an estimate', { rows: { basis: 'estimated', rows: 4, why: 'a trigger' }, uncounted: [] }],
    ['no number', { rows: { basis: 'unknown', why: 'no answer' }, uncounted: [] }],
    ['a statement whose rows cannot be counted', { ...measured(1), unbindable: 'a rule' }],
  ])('cannot be given on %s', async (_name, previewed) => {
    const world = worldOf('@rows_tolerance("10%")');
    world.connector.previewed = previewed;
    const session = await asked(world);
    expect([session.status, world.told, world.connector.calls]).toEqual(['blocked', [], []]);
    expect(await world.vote(session, 'dba-1')).toMatchObject({ ok: false });
  });

  test('that was broken at the run leaves a failed session which says by how much', async () => {
    const world = worldOf('@rows_max("1")');
    world.connector.answer = () => ({
      kind: 'refused',
      code: 'more_rows_than_approved',
      message: 'It changed 3 rows and at most 1 were approved.',
    });
    const session = await asked(world);
    await world.vote(session, 'dba-1');
    await runApproved(world.deps, session.id);
    expect(now(world, session).outcome).toMatchObject({
      kind: 'failed',
      code: 'more_rows_than_approved',
      message: 'It changed 3 rows and at most 1 were approved.',
    });
  });
});
