import { createHandler as createArchive } from '../../functions/archive-sessions/handler.ts';
import { createHandler as createAsk } from '../../functions/ask-approvers/handler.ts';
import { createHandler as createConclude } from '../../functions/conclude-approval/handler.ts';
import { createHandler as createRun } from '../../functions/run-approved/handler.ts';
import { createHandler as createSweep } from '../../functions/sweep-sessions/handler.ts';
import type { Definition } from '../../infra/local/workflow/definition.ts';
import type { LeaseTerms } from '../../shared/domain/lease.ts';
import { cancel } from '../../shared/gateway/approval/cancel.ts';
import { castBallot } from '../../shared/gateway/approval/cast-ballot.ts';
import { castReview, refreshReviewed } from '../../shared/gateway/approval/cast-review.ts';
import { mendPressed } from '../../shared/gateway/approval/mend-pressed.ts';
import { resume, stop } from '../../shared/gateway/controls/stop.ts';
import type { Ballot } from '../../shared/gateway/ports/ballot.ts';
import { execute } from '../../shared/gateway/execute.ts';
import { answerSession } from '../../shared/gateway/http/answer-session.ts';
import { resultOf } from '../../shared/gateway/read-sessions.ts';
import { sessionId } from '../../shared/gateway/session-id.ts';
import { isFinal } from '../../shared/domain/session-status.ts';
import type { Session } from '../../shared/domain/session.ts';
import { bot } from '../gateway/world.ts';
import { Checks } from './checks.ts';
import { configuration } from './configurations.ts';
import { Random } from './random.ts';
import { Simulation, type Ended, type Process } from './simulation.ts';
import { FaultWorld, type Settings } from './world.ts';

export type Deps = ReturnType<FaultWorld['deps']>;
const SECOND = 1_000;
const operator = { kind: 'person' as const, id: 'ops-1', name: '', groups: ['ops'], identities: [] };

/** What an agent sends beside its statement. */
interface Asked {
  readonly breakGlass?: true;
  readonly reason?: string;
}

/** Everybody who does something to the gateway, and the gateway's own clockwork. */
export class Play {
  readonly simulation: Simulation;
  readonly world: FaultWorld;
  readonly checks = new Checks();
  readonly random: Random;
  readonly ids: string[] = [];
  #resumed = 0;

  constructor(seed: number, settings: Settings, definition: Definition) {
    this.random = new Random(seed);
    this.simulation = new Simulation(this.random);
    this.world = new FaultWorld(
      this.simulation,
      settings,
      {
        durable: (session) => {
          this.checks.durable(session);
          if (isFinal(session.status)) this.#stream(session.id);
        },
        called: (call) => {
          this.checks.called(call);
        },
        posted: (session, channel, before) => {
          this.checks.posted(session, channel, before);
        },
        heard: (by, what, told) => {
          this.checks.heard(by, what, told);
        },
      },
      definition,
      (name, payload) => this.task(name, payload),
    );
    this.checks.world = this.world;
  }

  #invoke<T>(name: string, seconds: number, story: (deps: Deps, process: Process) => Promise<T>): Promise<Ended<T>> {
    return this.simulation.invoke(name, seconds * SECOND, this.world.skewOf(), (process) =>
      story(this.world.deps(process), process),
    );
  }

  /** A task of the workflow, by the function's name without dashes. */
  task(name: string, payload: unknown): Promise<Ended<unknown>> {
    return this.#invoke(name, name === 'runapproved' ? 60 : 30, (deps): Promise<unknown> => {
      if (name === 'askapprovers') return createAsk(deps)(payload);
      if (name === 'runapproved') return createRun(deps)(payload);
      if (name === 'concludeapproval') return createConclude(deps)(payload);
      throw new Error(`no function ${name}`);
    });
  }

  /** An agent asks, and asks again with the same key when nobody answers. */
  async request(key: string, text: string, connection = 'orders', more: Asked = {}): Promise<void> {
    const id = this.idOf(key);
    if (!this.ids.includes(id)) this.ids.push(id);
    this.checks.asked.set(id, { text, connection });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const ended = await this.#invoke('execute', 60, (deps) => this.#answer(deps, key, text, connection, more));
      if (ended.ok && ended.value < 500) return;
      await this.simulation.after(this.random.between(1, 5) * SECOND);
    }
  }

  async #answer(deps: Deps, key: string, text: string, connection: string, more: Asked): Promise<number> {
    const runtime = await deps.runtime.current();
    if (!runtime.ok) return 503;
    const request = { connection, statement: text, ...more };
    const answered = await execute(deps, runtime.value, { agent: bot, request, idempotencyKey: key });
    if (!answered.ok) {
      this.checks.heard('the agent', answered.error);
      return answered.error.refusal.code === 'record_unavailable' ? 503 : 400;
    }
    const { session, result, recorded } = answered.value;
    const http = answerSession(session, result, recorded);
    // Not on record and said so is told honestly; a success that claims to be on record must be.
    this.checks.heard('the agent', http, recorded ? { session: session.id, status: session.status } : undefined);
    return http.statusCode;
  }

  /** The agent looks after its session. */
  async poll(id: string): Promise<void> {
    await this.#invoke('sessions', 30, async (deps) => {
      const stored = await deps.store.get(id);
      if (!stored.ok || stored.value === undefined) return;
      const { session } = stored.value;
      const http = answerSession(session, await resultOf(deps.blobs, session), true);
      this.checks.heard('the agent', http, { session: session.id, status: session.status });
    });
  }

  /** A person answers, in Slack or over the API; whoever gets no answer tries again, as Slack does. */
  async vote(
    id: string,
    person: string,
    verdict: 'approve' | 'deny' = 'approve',
    { seal, lease }: { seal?: string; lease?: LeaseTerms } = {},
  ): Promise<void> {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const named = seal ?? this.session(id)?.asked?.seal;
      const voter = this.#voter(person);
      const ended = await this.#invoke(`vote of ${person}`, 30, async (deps) => {
        const receipt = await castBallot(deps, {
          session: id,
          seal: named ?? 'none',
          verdict,
          comment: 'because',
          ...(lease === undefined ? {} : { lease }),
          voter,
        });
        this.simulation.note(
          `  ${person} says ${verdict}: ${JSON.stringify(receipt.ok ? receipt.value : receipt.error)}`,
        );
        this.checks.heard('the voter', receipt);
        return receipt.ok || !['record_unavailable', 'session_not_found'].includes(receipt.error.code);
      });
      if (ended.ok && ended.value) return;
      await this.simulation.after(this.random.between(3, 60) * SECOND);
    }
  }

  /** In Slack as often as over the API, for who is in Slack. */
  #voter(person: string): Ballot['voter'] {
    const slack = configuration('usual')?.bundle.gateway.people.find((one) => one.id === person)?.slack;
    return slack !== undefined && this.random.chance(0.5) ? { via: 'slack', ...slack } : { via: 'api', person };
  }

  async cancel(id: string): Promise<void> {
    await this.#invoke('cancel', 30, async (deps) => {
      this.checks.heard('the agent', await cancel(deps, bot, id, 'no need any more'));
    });
  }

  /** An operator stops something; repeated until it is said to be in force. */
  async stop(scope: { all: true } | { connection: string }): Promise<void> {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const resumed = this.#resumed;
      const ended = await this.#invoke('stop', 30, async (deps) => {
        const runtime = this.world.inForce() ?? configuration('usual');
        if (runtime === undefined) return false;
        const stopped = await stop(deps, runtime.bundle.gateway, operator, { ...scope, reason: 'incident' });
        // Who is told that it is in force while another lifts it has been told what was true.
        if (stopped.ok && resumed === this.#resumed) this.checks.stopped = 'all' in scope ? 'everything' : scope;
        this.simulation.note(`  stop: ${stopped.ok ? 'in force' : stopped.error.code}`);
        return stopped.ok;
      });
      if (ended.ok && ended.value) return;
      await this.simulation.after(2 * SECOND);
    }
  }

  /** Lifts whatever is stopped; repeated until it is said to be lifted. */
  async resume(): Promise<void> {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const ended = await this.#invoke('resume', 30, async (deps) => {
        const runtime = this.world.inForce() ?? configuration('usual');
        const listed = await deps.controls.stops.list();
        if (!listed.ok || runtime === undefined) return false;
        // From here on it may be lifted at any moment, whatever the answer says.
        this.#resumed += 1;
        if (listed.value.length > 0) this.checks.stopped = 'nothing';
        const lifted = await Promise.all(
          listed.value.map(({ id }) => resume(deps, runtime.bundle.gateway, operator, id, 'over')),
        );
        return lifted.every(({ ok }) => ok);
      });
      if (ended.ok && ended.value) return;
      await this.simulation.after(2 * SECOND);
    }
  }

  /** Somebody who was skipped closes the review. */
  async review(id: string, person: string, verdict: 'accepted' | 'objected'): Promise<void> {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const ended = await this.#invoke(`review by ${person}`, 30, async (deps) => {
        const receipt = await castReview(deps, { session: id, verdict, comment: 'seen', voter: this.#voter(person) });
        this.simulation.note(`  ${person} ${verdict}: ${JSON.stringify(receipt)}`);
        this.checks.heard('the reviewer', receipt);
        if (receipt.ok) this.checks.reviewed(id, receipt.value.verdict);
        if (receipt.ok) await refreshReviewed(deps, id);
        return receipt.ok || receipt.error.code !== 'record_unavailable';
      });
      if (ended.ok && ended.value) return;
      await this.simulation.after(this.random.between(3, 60) * SECOND);
    }
  }

  /** Somebody presses a button of every message whose session is over: whoever finds one mends it. */
  async pressAll(): Promise<void> {
    for (const { session, channel, ts, status } of this.world.messages.values())
      if (!isFinal(status)) await this.#invoke('press', 30, (deps) => mendPressed(deps, session, { channel, ts }));
  }

  async sweep(): Promise<void> {
    await this.#invoke('sweep', 60, (deps) => createSweep(deps)());
  }

  /** The session's id follows from agent and key. */
  idOf(key: string): string {
    return sessionId(bot, key, new Date(0));
  }

  session(id: string): Session | undefined {
    return this.world.raw.rows.has(id) ? this.world.raw.sessionOf(id) : undefined;
  }

  /** The table's stream: at least once, sometimes late, doubled, or given up after its retries. */
  #stream(id: string): void {
    const { streamTrouble = 0 } = this.world.settings;
    const bad = !this.world.healthy && this.random.chance(streamTrouble / 100);
    const deliveries = bad ? this.random.between(0, 3) : 1;
    for (let delivery = 0; delivery < deliveries; delivery += 1)
      this.simulation.at(bad ? this.random.between(0, 120) * SECOND : 500, () => this.#deliver(id, 3));
  }

  async #deliver(id: string, tries: number): Promise<void> {
    const event = { Records: [{ dynamodb: { Keys: { pk: { S: `SESSION#${id}` } }, SequenceNumber: '1' } }] };
    const ended = await this.#invoke('archive', 30, (deps) => createArchive(deps)(event));
    const done = ended.ok && ended.value.batchItemFailures.length === 0;
    if (!done && tries > 1) this.simulation.at(SECOND, () => this.#deliver(id, tries - 1));
  }

  /** The schedule: a sweep each minute, from a minute that the seed chooses. */
  clockwork(until: number): void {
    const first = this.random.between(1, 59) * SECOND;
    for (let at = first; at < until; at += 60 * SECOND) this.simulation.at(at, () => this.sweep());
  }

  /** Within so many seconds from now, at a moment that the seed chooses. */
  sometime(within: number, work: () => unknown, from = 0): void {
    this.simulation.at(this.random.between(from * SECOND, within * SECOND), work);
  }
}
