import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findChainFault } from '../../shared/domain/chain.ts';
import type { Session } from '../../shared/domain/session.ts';
import { isFinal } from '../../shared/domain/session-status.ts';
import { askApprovers } from '../../shared/gateway/approval/ask-approvers.ts';
import { cancel } from '../../shared/gateway/approval/cancel.ts';
import { concludeApproval } from '../../shared/gateway/approval/conclude-approval.ts';
import { runApproved } from '../../shared/gateway/approval/run-approved.ts';
import { sweep } from '../../shared/gateway/record/sweep.ts';
import { err } from '../../shared/platform/result.ts';
import { bot, createWorld, type World } from './world.ts';

/** What goes wrong at a call: an error without or after its effect, a process that dies before or after it. */
type Fault = 'none' | 'refused' | 'reply lost' | 'dies before' | 'dies after';

/** Lets every port call wait until it is picked, so that a list of numbers is an order of events. */
class Interleaver {
  readonly #waiting: (() => void)[] = [];
  readonly #choices: number[];
  readonly #faults: Fault[];
  on = true;

  constructor(choices: readonly number[], faults: readonly Fault[]) {
    this.#choices = [...choices];
    this.#faults = [...faults];
  }

  async turn(): Promise<Fault> {
    if (!this.on) return 'none';
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#faults.shift() ?? 'none';
  }

  /** Runs all actors to their end, one port call at a time. */
  async drive(actors: readonly (() => Promise<unknown>)[]): Promise<void> {
    let left = actors.length;
    for (const actor of actors) {
      void actor()
        .catch((error: unknown) => {
          if (!(error instanceof Error) || error.message !== 'process died') throw error;
        })
        .finally(() => (left -= 1));
    }
    for (let steps = 0; left > 0 && steps < 5_000; steps += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.#waiting.splice((this.#choices.shift() ?? 0) % Math.max(1, this.#waiting.length), 1);
      next?.();
    }
    expect(left).toBe(0);
  }

  port<T extends object>(port: T, refusal: unknown): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || name === 'sessionOf') return member;
        return async (...values: unknown[]) => {
          const fault = await this.turn();
          if (fault === 'dies before') throw new Error('process died');
          if (fault === 'refused') return refusal;
          const answer: unknown = await Reflect.apply(member, target, values);
          if (fault === 'dies after') throw new Error('process died');
          return fault === 'reply lost' ? refusal : answer;
        };
      },
    });
  }
}

function disturb(world: World, interleaver: Interleaver): void {
  const { deps } = world;
  deps.store = interleaver.port(deps.store, err({ code: 'record_unavailable', message: 'down' }));
  deps.blobs = interleaver.port(deps.blobs, err({ code: 'record_unavailable', message: 'down' }));
  deps.archive = interleaver.port(deps.archive, err({ code: 'record_unavailable', message: 'down' }));
  deps.workflow = interleaver.port(deps.workflow, err({ code: 'workflow_unavailable', message: 'down' }));
  deps.notifier = interleaver.port(deps.notifier, err({ retryAfterSeconds: 0, message: 'down' }));
  const { sleep } = deps;
  deps.sleep = async (ms) => {
    await interleaver.turn();
    await sleep(ms);
  };
  const { answer } = world.connector;
  world.connector.answer = async () => {
    // The one call that matters: whatever happens after it, its intent must be on record now.
    const running = [...world.store.rows.keys()].map((id) => world.store.sessionOf(id));
    expect(running.map((session) => session.events.at(-1)?.type)).toContain('intent');
    const fault = await interleaver.turn();
    if (fault !== 'none') throw new Error('connection lost');
    return answer();
  };
}

type Actor = (world: World, session: Session) => Promise<unknown>;

const ACTORS: Readonly<Record<string, Actor>> = {
  ask: (world, session) => askApprovers(world.deps, session.id, { taskToken: 'token' }),
  yes: (world, session) => world.vote(session, 'dba-1'),
  'yes too': (world, session) => world.vote(session, 'dba-2'),
  no: (world, session) => world.vote(session, 'dba-2', { verdict: 'deny', comment: 'no' }),
  cancel: (world, session) => cancel(world.deps, bot, session.id, undefined),
  run: (world, session) => runApproved(world.deps, session.id),
  'run too': (world, session) => runApproved(world.deps, session.id),
  settled: (world, session) => concludeApproval(world.deps, session.id, 'settled'),
  failed: (world, session) => concludeApproval(world.deps, session.id, 'failed'),
  expired: (world, session) => concludeApproval(world.deps, session.id, 'expired'),
  sweep: (world) => sweep(world.deps),
  later: (world) => world.deps.sleep(900_000),
};

const faults = fc.array(
  fc.oneof(
    { weight: 7, arbitrary: fc.constant<Fault>('none') },
    { weight: 1, arbitrary: fc.constantFrom<Fault>('refused', 'reply lost', 'dies before', 'dies after') },
  ),
  { maxLength: 120 },
);
const choices = fc.array(fc.nat(20), { maxLength: 200 });

/** Two hours of sweeps, a minute of patience each: what a running gateway does by itself. */
async function settleDown(world: World, interleaver: Interleaver): Promise<void> {
  interleaver.on = false;
  for (let round = 0; round < 6; round += 1) {
    world.advance(1_900);
    await sweep(world.deps);
  }
}

function expectSound(world: World): void {
  for (const id of world.store.rows.keys()) {
    const session = world.store.sessionOf(id);
    expect(findChainFault(session.events)).toBeUndefined();
    expect(isFinal(session.status)).toBe(true);
    expect(session.events.filter(({ type }) => type === 'intent').length).toBeLessThanOrEqual(1);
    if (session.status === 'succeeded') expect(world.connector.calls).toHaveLength(1);
    if (['blocked', 'denied', 'expired', 'cancelled'].includes(session.status))
      expect(world.connector.calls).toHaveLength(0);
  }
}

test('whatever the order and whatever fails, an approved statement runs at most once, after its intent, and every session ends', async () => {
  const reached = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(Object.values(ACTORS), { minLength: 3 }),
      fc.constantFrom('nobody', 'one of two', 'enough'),
      choices,
      faults,
      async (picked, saidYes, order, failing) => {
        const world = createWorld();
        const session = await world.ask(saidYes === 'one of two' ? 'ledger' : 'orders');
        if (saidYes !== 'nobody') await world.vote(session, 'dba-1');
        const interleaver = new Interleaver(order, failing);
        disturb(world, interleaver);
        // One after the other as often as at once: half of the actors wait for the others to have ended.
        const actors = picked.map((actor) => () => actor(world, session));
        const half = Math.ceil(actors.length / 2);
        await interleaver.drive(actors.slice(0, half));
        await interleaver.drive(actors.slice(half));
        expect(world.connector.calls.length).toBeLessThanOrEqual(1);
        await settleDown(world, interleaver);
        expect(world.connector.calls.length).toBeLessThanOrEqual(1);
        expectSound(world);
        const { status } = world.store.sessionOf(session.id);
        reached.set(status, (reached.get(status) ?? 0) + 1);
      },
    ),
    { numRuns: 1_500, seed: 20_261_121 },
  );
  // The property would hold of a gateway that never runs anything; this one has been everywhere.
  expect([...reached.keys()].sort()).toEqual(
    expect.arrayContaining(['cancelled', 'denied', 'expired', 'failed', 'succeeded', 'unknown_outcome']),
  );
});

test('whatever the order and whatever fails, one Idempotency-Key is one run', async () => {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(choices, faults, fc.integer({ min: 2, max: 4 }), async (order, failing, repeats) => {
      const world = createWorld();
      const interleaver = new Interleaver(order, failing);
      disturb(world, interleaver);
      const again = () => world.execute('SELECT', {}, { idempotencyKey: 'k' });
      await interleaver.drive([...Array.from({ length: repeats }, () => again), () => sweep(world.deps)]);
      await settleDown(world, interleaver);
      expect(world.connector.calls.length).toBeLessThanOrEqual(1);
      expect(world.store.rows.size).toBeLessThanOrEqual(1);
      expectSound(world);
      ran += world.connector.calls.length;
    }),
    { numRuns: 300, seed: 20_261_121 },
  );
  expect(ran).toBeGreaterThan(100);
});
