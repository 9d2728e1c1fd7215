import { expect, test } from 'vitest';
import { askApprovers } from '../../shared/gateway/approval/ask-approvers.ts';
import { cancel } from '../../shared/gateway/approval/cancel.ts';
import { bot, createWorld, type World } from '../gateway/world.ts';

/** Lets the whole asking happen between the read and the write of the next step. */
function askBeforeNextWrite(world: World, session: string): void {
  const { store } = world.deps;
  let asked = false;
  world.deps.store = {
    ...store,
    append: async (before, events) => {
      if (!asked) {
        asked = true;
        await askApprovers(world.deps, session, { taskToken: 'token-1' });
      }
      return store.append(before, events);
    },
  };
}

const answers = [
  { verdict: 'approve', outcome: 'approved' },
  { verdict: 'deny', outcome: 'denied' },
] as const;

test.each(answers)('a vote to $verdict that overlaps the asking wakes the workflow by itself', async (answer) => {
  const world = createWorld();
  const session = await world.ask();
  askBeforeNextWrite(world, session.id);
  await world.vote(session, 'dba-1', { verdict: answer.verdict, comment: 'no' });
  expect(world.workflow.woken).toEqual([{ token: 'token-1', outcome: answer.outcome }]);
});

test('a cancellation that overlaps the asking wakes the workflow by itself', async () => {
  const world = createWorld();
  const session = await world.ask();
  askBeforeNextWrite(world, session.id);
  await cancel(world.deps, bot, session.id, undefined);
  expect(world.workflow.woken).toEqual([{ token: 'token-1', outcome: 'cancelled' }]);
});
