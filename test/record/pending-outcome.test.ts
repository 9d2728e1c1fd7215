import { describe, expect, test } from 'vitest';
import { sweep } from '../../shared/gateway/record/sweep.ts';
import { concludeApproval } from '../../shared/gateway/approval/conclude-approval.ts';
import { findChainFault } from '../../shared/domain/chain.ts';
import { setAside } from '../../shared/gateway/record/pending-outcome.ts';
import { err } from '../../shared/platform/result.ts';
import { createWorld, type World } from '../gateway/world.ts';

const away = err({ code: 'record_unavailable', message: 'away' } as const);

/** A table that takes no outcome. */
function withoutOutcomes(world: World): () => void {
  const append = world.deps.store.append.bind(world.deps.store);
  world.deps.store.append = (before, events, guard) =>
    events.some(({ type }) => type === 'outcome') ? Promise.resolve(away) : append(before, events, guard);
  return () => (world.deps.store.append = append);
}

describe('an outcome that the table does not take', () => {
  async function ranUnrecorded(world: World) {
    const back = withoutOutcomes(world);
    const answer = await world.execute('SELECT customers');
    back();
    if (!answer.ok) throw new Error(answer.error.refusal.code);
    return answer.value;
  }

  test('is answered as not recorded, set aside in S3, and brought back by the sweep as it was', async () => {
    const world = createWorld();
    const { session, recorded } = await ranUnrecorded(world);
    expect(recorded).toBe(false);
    expect(world.store.sessionOf(session.id).status).toBe('running');
    expect([...world.deps.outcomes.objects.keys()]).toEqual([
      `outcomes-pending/${session.id}/${session.events.at(-1)?.hash ?? ''}.json`,
    ]);
    world.advance(121);
    await sweep(world.deps);
    const after = world.store.sessionOf(session.id);
    expect(after.status).toBe('succeeded');
    expect(after.events.at(-1)).toEqual(session.events.at(-1));
    expect(findChainFault(after.events)).toBeUndefined();
  });

  test('is not called unknown while S3 cannot say whether it was set aside', async () => {
    const world = createWorld();
    const { session } = await ranUnrecorded(world);
    const list = world.deps.outcomes.list.bind(world.deps.outcomes);
    world.deps.outcomes.list = async function* () {
      await Promise.resolve();
      yield away;
    };
    expect(await concludeApproval(world.deps, session.id, 'settled')).toMatchObject({ ok: false });
    expect(world.store.sessionOf(session.id).status).toBe('running');
    world.deps.outcomes.list = list;
    expect(await concludeApproval(world.deps, session.id, 'settled')).toMatchObject({ ok: true });
    expect(world.store.sessionOf(session.id).status).toBe('succeeded');
  });

  test.each<[string, (world: World, key: string) => void]>([
    ['nothing was set aside', (world, key) => world.deps.outcomes.objects.delete(key)],
    ['it was changed', (world, key) => world.deps.outcomes.objects.set(key, Buffer.from('{"forged":true}\n'))],
  ])('ends as unknown when %s', async (_why, harm) => {
    const world = createWorld();
    const { session } = await ranUnrecorded(world);
    harm(world, [...world.deps.outcomes.objects.keys()][0] ?? '');
    world.advance(121);
    await sweep(world.deps);
    expect(world.store.sessionOf(session.id).status).toBe('unknown_outcome');
  });

  test('of another chain is not taken for it', async () => {
    const world = createWorld();
    const [one, other] = [await ranUnrecorded(world), await ranUnrecorded(world)];
    const stray = other.session.events.at(-1);
    if (stray === undefined) throw new Error('no event');
    world.deps.outcomes.objects.clear();
    await setAside(world.deps, [{ ...stray, session: one.session.id }]);
    world.advance(121);
    await sweep(world.deps);
    expect(world.store.sessionOf(one.session.id).status).toBe('unknown_outcome');
  });

  test('and that S3 does not take either leaves a line in the log, and an answer', async () => {
    const world = createWorld();
    world.deps.outcomes.create = () => Promise.resolve(away);
    const { recorded } = await ranUnrecorded(world);
    expect(recorded).toBe(false);
    expect(world.logged).toContain('outcome not on record');
  });
});
