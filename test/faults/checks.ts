import { findChainFault } from '../../shared/domain/chain.ts';
import { sealOf } from '../../shared/domain/seal.ts';
import type { Session } from '../../shared/domain/session.ts';
import { reviewActId } from '../../shared/domain/review.ts';
import { isFinal, mayBecome, type SessionStatus } from '../../shared/domain/session-status.ts';
import { archivedText, archiveKey } from '../../shared/gateway/record/archive-object.ts';
import { canonicalJson, digestOf } from '../../shared/platform/canonical.ts';
import { toJson } from '../../shared/platform/json-value.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { bot } from '../gateway/world.ts';
import { CANARIES, type TargetCall } from './target.ts';
import type { FaultWorld, Message, Watch } from './world.ts';

/** What an agent asked for, as the test knows it. */
export interface Asking {
  readonly text: string;
  readonly connection: string;
}

/** A yes cannot be older than what its run is judged by, plus how long an invocation lives and clocks differ. */
const LATEST_RUN_MS = 75_000;

/** The bound that an approver gives the one number of a statement. */
export const HIGHEST_LEASED = 50;

/** Watches a world and writes down every promise that is broken. Trusts none of the gateway's own checks. */
export class Checks implements Watch {
  readonly broken: string[] = [];
  readonly asked = new Map<string, Asking>();
  /** What an operator has been told is stopped: a connection, or everything. */
  stopped: 'nothing' | 'everything' | { readonly connection: string } = 'nothing';
  readonly calls = new Map<string, TargetCall[]>();
  readonly #leased = new Map<string, number>();
  readonly #before = new Map<string, SessionStatus>();
  readonly #votedUnder = new Map<string, (Runtime | undefined)[]>();
  readonly #reviewed = new Map<string, string>();
  readonly #heard: { by: string; text: string }[] = [];
  world: FaultWorld | undefined;

  #world(): FaultWorld {
    if (this.world === undefined) throw new Error('no world');
    return this.world;
  }

  #break(what: string): void {
    this.#world().simulation.note(`‼ ${what}`);
    this.broken.push(what);
  }

  durable(session: Session): void {
    const before = this.#before.get(session.id);
    const { status, events, id } = session;
    if (before !== undefined && before !== status && !mayBecome(before, status))
      this.#break(`${id} went from ${before} to ${status}`);
    this.#before.set(id, status);
    if (status === 'running' && before !== 'running' && this.#isStopped(session.submitted.connection))
      this.#break(`${id}: an intent was written while a stop was in force`);
    const last = events.findLast((event) => event.type === 'voted');
    if (last?.type === 'voted' && !this.#votedUnder.has(last.hash)) {
      const at = this.#world().simulation.now;
      const recent = this.#world().deployed.filter(
        (_one, index, all) => (all[index + 1]?.at ?? Infinity) >= at - 31_000,
      );
      this.#votedUnder.set(
        last.hash,
        recent.map((one) => this.#configurationOf(one.name)),
      );
    }
  }

  #isStopped(connection: string): boolean {
    return this.stopped === 'everything' || (this.stopped !== 'nothing' && this.stopped.connection === connection);
  }

  #configurationOf(name: FaultWorld['deployed'][number]['name']): Runtime | undefined {
    return this.#world().configurationOf(name);
  }

  called(call: TargetCall): void {
    const owner = [...this.asked].find(([, asking]) => asking.text === call.text);
    if (owner === undefined) {
      this.#break(`the target was given text that nobody sent: ${call.text}`);
      return;
    }
    const [id, asking] = owner;
    const calls = this.calls.get(id) ?? [];
    this.calls.set(id, [...calls, call]);
    if (calls.length > 0) this.#break(`${id}: the target was called ${String(calls.length + 1)} times`);
    if (call.connection.name !== asking.connection) this.#break(`${id}: ran on ${call.connection.name}`);
    if (!this.#world().raw.rows.has(id)) {
      this.#break(`${id}: the target was called and there is no record at all`);
      return;
    }
    const session = this.#world().raw.sessionOf(id);
    if (session.status !== 'running' || session.intent === undefined)
      this.#break(`${id}: the target was called without a durable intent (${session.status})`);
    this.#withinLeases(session, call);
    if (session.breakGlass !== undefined) this.#glassMayBreak(session, call);
    else if (session.asked !== undefined) {
      this.#countersigned(session, session.asked, call);
      this.#bounded(session, call);
    } else if (asking.text.startsWith('UPDATE') && session.intent?.leases === undefined)
      this.#break(`${id}: a write ran and nobody was asked`);
  }

  /** What runs without people is owed a review before it runs, and only policy can let it. */
  #glassMayBreak({ id, breakGlass, asked }: Session, { connection }: TargetCall): void {
    if (connection.name !== 'glass' || asked !== undefined) this.#break(`${id}: a glass was broken that is not there`);
    if (breakGlass?.reason !== 'incident') this.#break(`${id}: a glass was broken and nobody knows why`);
    if (!this.#world().controls.owedReviews().includes(id)) this.#break(`${id} ran and no review is owed`);
  }

  #glassAtTheEnd(world: FaultWorld, id: string): void {
    const said = this.#reviewed.get(id);
    const act = world.controls.acted.find(({ session }) => session === reviewActId(id));
    const verdict = act?.type === 'reviewed' ? act.data.verdict : undefined;
    if (said !== undefined && verdict !== said) this.#break(`${id}: its review says ${String(verdict)}, not ${said}`);
    if (verdict === undefined && !world.controls.owedReviews().includes(id))
      this.#break(`${id}: its review is neither owed nor closed`);
    // Who has reviewed it has heard of it, whatever became of the message.
    if (verdict === undefined && world.messagesOf(id, 'C0DBA').length === 0)
      this.#break(`${id}: those who were skipped were not told`);
  }

  /** The rows that people said yes to, sealed; for a tolerance those of a measurement that was really made. */
  #bounded({ id, asked }: Session, { text, rowsMax, connection }: TargetCall): void {
    const { rowsMax: sealed, tolerancePercent } = asked?.bound ?? {};
    if (sealed !== rowsMax) this.#break(`${id}: it ran with ${String(rowsMax)} rows, sealed were ${String(sealed)}`);
    if (connection.name === 'capped' && rowsMax !== 100) this.#break(`${id}: policy says 100 rows`);
    if (connection.name !== 'measured') return;
    const measured = this.#world().measured.get(text) ?? [];
    if (tolerancePercent !== 10 || !measured.some((rows) => Math.floor((rows * 110) / 100) === rowsMax))
      this.#break(`${id}: nobody measured what would give ${String(rowsMax)} rows`);
  }

  /** Never more runs than granted, whoever else runs at the same time; never other constants, never after its end. */
  #withinLeases({ id, intent }: Session, call: TargetCall): void {
    for (const { lease: name } of intent?.leases ?? []) {
      const lease = this.#world().controls.leased.get(name);
      const runs = (this.#leased.get(name) ?? 0) + 1;
      this.#leased.set(name, runs);
      if (lease === undefined) {
        this.#break(`${id} ran under a lease that nobody granted`);
        return;
      }
      if (runs > lease.runs) this.#break(`${id}: run ${String(runs)} under a lease of ${String(lease.runs)}`);
      if (call.at > Date.parse(lease.expiresAt) + LATEST_RUN_MS) this.#break(`${id} ran under a lease that was over`);
      if (Number(/\d+/.exec(call.text)?.[0]) > HIGHEST_LEASED)
        this.#break(`${id} ran with what the lease does not cover`);
    }
  }

  /** Bytes run are bytes approved, by enough people who were entitled when they voted and when it ran. */
  #countersigned(session: Session, asked: NonNullable<Session['asked']>, call: TargetCall): void {
    const { id } = session;
    const runtime = this.#world().judgedBy.get(call.process);
    if (runtime === undefined) {
      this.#break(`${id}: it ran without any configuration`);
      return;
    }
    const seal = sealOf({
      connection: call.connection.name,
      target: digestOf(toJson(runtime.bundle.gateway.connections.find(({ name }) => name === call.connection.name))),
      statement: { text: call.text },
      agent: bot,
      policyVersion: runtime.engine.version,
      expiresAt: asked.expiresAt,
      nonce: asked.nonce,
      ...(asked.bound === undefined ? {} : { bound: asked.bound }),
    });
    if (seal !== asked.seal) this.#break(`${id}: what ran is not what was sealed`);
    if (
      JSON.stringify(toJson(call.connection)) !==
      JSON.stringify(toJson(runtime.bundle.gateway.connections.find(({ name }) => name === call.connection.name)))
    )
      this.#break(`${id}: it ran somewhere else than sealed`);
    const judgedAt = this.#world().judgedAt.get(call.process) ?? Infinity;
    if (judgedAt >= Date.parse(asked.expiresAt) || call.at > Date.parse(asked.expiresAt) + LATEST_RUN_MS)
      this.#break(`${id}: it ran after its time`);
    if (session.events.some((event) => event.type === 'ended' && event.data.how !== 'approved'))
      this.#break(`${id}: it ran after it was ended`);
    for (const ask of asked.asks) {
      const second = ask.escalation?.group;
      const groups = second !== undefined && session.escalated.includes(second) ? [ask.group, second] : [ask.group];
      const entitled = groups
        .map((group) => this.#entitled(session, group, asked.seal, runtime))
        .reduce((most, people) => (people.size > most.size ? people : most));
      if (entitled.size < ask.quorum)
        this.#break(
          `${id}: ${String(entitled.size)} of ${String(ask.quorum)} of ${ask.group} were entitled and said yes`,
        );
    }
  }

  #entitled(session: Session, group: string, seal: string, now: Runtime): Set<string> {
    const last = new Map<string, { verdict: string; seal: string; hash: string }>();
    for (const event of session.events)
      if (event.type === 'voted') last.set(event.data.person, { ...event.data, hash: event.hash });
    const isIn = (runtime: Runtime | undefined, person: string) =>
      runtime?.bundle.gateway.people.find(({ id }) => id === person)?.groups.includes(group) === true;
    const yes = [...last].filter(
      ([person, vote]) =>
        vote.verdict === 'approve' &&
        vote.seal === seal &&
        person !== bot.owner &&
        isIn(now, person) &&
        (this.#votedUnder.get(vote.hash) ?? []).some((runtime) => isIn(runtime, person)),
    );
    return new Set(yes.map(([person]) => person));
  }

  heard(by: string, what: unknown, told?: { session: string; status: string; statement?: string }): void {
    this.#heard.push({ by, text: JSON.stringify(what) });
    if (told === undefined) return;
    const { session: id, status } = told;
    const world = this.#world();
    const durable = world.raw.rows.has(id) ? world.raw.sessionOf(id).status : 'none';
    if (
      (isFinal(status as SessionStatus) || status === 'running') &&
      durable !== status &&
      !isFinal(durable as SessionStatus)
    )
      this.#break(`${id}: ${by} heard ${status} while the record says ${durable}`);
    if (told.statement !== undefined && told.statement !== this.asked.get(id)?.text)
      this.#break(`${id}: ${by} was shown other bytes than the agent sent`);
  }

  /** Twice in one channel only where whoever posted the first is gone, or was told that it had not: nothing else could know. */
  posted(session: string, channel: string, before: readonly Message[]): void {
    if (this.#world().weatherman.unheard) return;
    if (before.some((message) => this.#world().isKept(message)))
      this.#break(`${session} was asked again in ${channel}, where its question is known to stand`);
    if (before.some(({ by, unheard }) => !by.dead && !unheard))
      this.#break(`${session} was asked twice at once in ${channel}`);
  }

  /** Somebody was told that they have closed a review. */
  reviewed(id: string, verdict: string): void {
    const first = this.#reviewed.get(id) ?? verdict;
    if (first !== verdict) this.#break(`${id}: its review was closed ${first} and ${verdict}`);
    this.#reviewed.set(id, verdict);
  }

  /** What must hold when everything has been healthy for a while. */
  atTheEnd(never: readonly SessionStatus[]): void {
    const world = this.#world();
    for (const id of world.raw.rows.keys()) {
      this.#ended(world, id);
      const { status, ended, breakGlass } = world.raw.sessionOf(id);
      if (never.includes(status)) this.#break(`${id} is ${status}: ${ended?.why ?? ''}`);
      if (breakGlass !== undefined) this.#glassAtTheEnd(world, id);
    }
    for (const id of this.calls.keys())
      if (!world.raw.rows.has(id)) this.#break(`${id}: it ran and there is no record`);
    this.#messages(world);
    this.#leaks(world);
  }

  /** No buttons under what is over; a message whose place died with its poster is found when somebody presses on it. */
  #messages(world: FaultWorld): void {
    for (const message of world.messages.values()) {
      const durable = world.raw.sessionOf(message.session).status;
      if (message.status !== durable)
        this.#break(`${message.session}: a message still says ${message.status} of what is ${durable}`);
    }
  }

  #ended(world: FaultWorld, id: string): void {
    const session = world.raw.sessionOf(id);
    const calls = this.calls.get(id)?.length ?? 0;
    if (!isFinal(session.status)) {
      this.#break(`${id} never ended: ${session.status}`);
      return;
    }
    const fault = findChainFault(session.events);
    if (fault !== undefined) this.#break(`${id}: its chain breaks at ${String(fault.seq)}: ${fault.fault}`);
    const intents = session.events.filter(({ type }) => type === 'intent').length;
    if (intents > 1) this.#break(`${id} has ${String(intents)} intents`);
    if (session.status === 'succeeded' && calls !== 1) this.#break(`${id} succeeded after ${String(calls)} calls`);
    if (['blocked', 'denied', 'expired', 'cancelled'].includes(session.status) && calls > 0)
      this.#break(`${id} is ${session.status} and ran`);
    this.#archived(world, session);
  }

  #archived(world: FaultWorld, session: Session): void {
    const key = archiveKey(session);
    const objects = [...world.archive.objects.keys()].filter((name) => name.includes(session.id));
    if (objects.length !== 1 || objects[0] !== key)
      this.#break(`${session.id} lies ${String(objects.length)} times in the archive`);
    const text = archivedText(world.archive.objects.get(key)?.bytes ?? new Uint8Array());
    if (text !== session.events.map((event) => `${canonicalJson(toJson(event))}\n`).join(''))
      this.#break(`${session.id}: the archive holds something else than the record`);
    if (world.raw.rows.get(session.id)?.deleteAfter === undefined) this.#break(`${session.id} was not marked archived`);
  }

  #leaks(world: FaultWorld): void {
    const kept = [...world.raw.rows.keys()].map((id) => ({
      by: 'the record',
      text: JSON.stringify(world.raw.sessionOf(id)),
    }));
    const states = [...world.workflow.executions.values()].map(({ input, state, output, cause }) => ({
      by: 'the workflow',
      text: JSON.stringify([input, state.input, output, cause]),
    }));
    const secrets = [
      ...Object.entries(CANARIES),
      ...world.workflow.tokens.map((token) => ['task token', token] as const),
    ];
    for (const { by, text } of [...this.#heard, ...kept, ...states])
      for (const [name, secret] of secrets)
        if (text.includes(secret)) this.#break(`${by} holds the ${name}: ${text.slice(0, 300)}`);
    for (const { text } of states)
      for (const { text: statement } of this.asked.values())
        if (text.includes(statement)) this.#break('the workflow state holds a statement');
  }
}
