import type { Connector } from '../../shared/connectors/connector.ts';
import type { Session } from '../../shared/domain/session.ts';
import { isFinal, type SessionStatus } from '../../shared/domain/session-status.ts';
import { createWorkflow } from '../../shared/aws/workflow.ts';
import { createCatalogues } from '../../shared/gateway/intake/catalogues.ts';
import { patient } from '../../shared/gateway/approval/patient.ts';
import type { Notifier } from '../../shared/gateway/ports/notifier.ts';
import type { SessionStore } from '../../shared/gateway/ports/session-store.ts';
import type { Runtime, RuntimeSource } from '../../shared/gateway/runtime.ts';
import { err, ok } from '../../shared/platform/result.ts';
import type { Definition } from '../../infra/local/workflow/definition.ts';
import { memoryArchive, memoryBlobs, memoryObjects, memorySpare } from '../support/memory-objects.ts';
import { memoryControls, type MemoryControls } from '../support/memory-controls.ts';
import { memoryKeyedDigests } from '../support/keyed-digests.ts';
import { memoryNotices } from '../support/memory-notices.ts';
import { memorySessionStore } from '../support/memory-session-store.ts';
import { scriptedConnector } from '../support/scripted-connector.ts';
import { configuration, type ConfigurationName } from './configurations.ts';
import type { Process, Simulation } from './simulation.ts';
import { StepFunctions, type Invoke } from './step-functions.ts';
import { targetOf, type TargetCall, type TargetWay } from './target.ts';
import { Weatherman, type Weather } from './trouble.ts';

/** What is durable, and what is heard of it, whoever writes. */
export interface Watch {
  /** A write of a session has just become durable. */
  durable(session: Session): void;
  /** The target is called, now. */
  called(call: TargetCall): void;
  /** Something leaves the gateway: to Slack, to the agent, to the log. */
  /** A question is posted to a channel where these stand already. */
  posted(session: string, channel: string, before: readonly Message[]): void;
  heard(by: string, what: unknown, status?: { session: string; status: string }): void;
}

export interface Settings {
  readonly weather: Weather;
  /** Milliseconds by which clocks may differ. */
  readonly skew?: number;
  /** Ways the target may take, drawn each time. */
  readonly target?: readonly TargetWay[];
  /** Stream records: of a hundred, how many are lost, doubled, late. */
  readonly streamTrouble?: number;
}

export interface Message {
  readonly session: string;
  readonly channel: string;
  readonly ts: string;
  readonly status: SessionStatus;
  /** Who posted it. */
  readonly by: Process;
  /** And who was told that it had not been. */
  readonly unheard: boolean;
}

/** One gateway: everything durable in it once, and for each process its own ports, clock and mishaps. */
export class FaultWorld {
  readonly simulation: Simulation;
  readonly weatherman: Weatherman;
  readonly controls = memoryControls();
  readonly notices = memoryNotices();
  readonly blobs = memoryBlobs();
  readonly spare = memorySpare();
  readonly archive = memoryArchive();
  readonly outcomes = memoryObjects();
  readonly raw = memorySessionStore(this.controls);
  readonly workflow: StepFunctions;
  readonly settings: Settings;
  readonly deployed: { at: number; name: ConfigurationName }[] = [{ at: 0, name: 'usual' }];
  /** The configuration each process judged by last. */
  readonly judgedBy = new Map<Process, Runtime>();
  /** When it read that, by its own clock. */
  readonly judgedAt = new Map<Process, number>();
  /** What each statement was measured to touch, every time it was. */
  readonly measured = new Map<string, number[]>();
  healthy = false;
  /** Messages in Slack and what each last said, by channel and timestamp. */
  readonly messages = new Map<string, Message>();
  readonly #watch: Watch;
  readonly #store: SessionStore;
  #posted = 0;

  constructor(simulation: Simulation, settings: Settings, watch: Watch, definition: Definition, invoke: Invoke) {
    this.simulation = simulation;
    this.settings = settings;
    this.#watch = watch;
    this.weatherman = new Weatherman(simulation, settings.weather);
    this.workflow = new StepFunctions(simulation, definition, invoke);
    this.#store = this.#watched(this.raw);
  }

  deploy(name: ConfigurationName): void {
    this.simulation.note(`☁ configuration: ${name}`);
    this.deployed.push({ at: this.simulation.now, name });
  }

  /** Everything mends: no more trouble, configuration as it was. */
  heal(): void {
    this.simulation.note('☀ healthy from here');
    this.healthy = true;
    this.weatherman.weather = { odds: {} };
    this.weatherman.down.clear();
    this.workflow.trouble = 0;
    if (this.deployed.at(-1)?.name === 'broken') this.deploy('usual');
  }

  inForce(ago = 0): Runtime | undefined {
    const at = this.simulation.now - ago;
    return configuration(this.deployed.findLast((one) => one.at <= at)?.name ?? 'usual');
  }

  skewOf(): number {
    const { skew = 0 } = this.settings;
    return this.healthy || skew === 0 ? 0 : this.simulation.random.between(-skew, skew);
  }

  /** All that a function of the gateway is given. */
  deps(process: Process) {
    const { simulation, weatherman } = this;
    const port = <T extends object>(name: string, of: T): T => weatherman.port(process, name, of);
    const clock = () => new Date(simulation.now + process.skew);
    const log = this.#log(process);
    const connector = {
      ...scriptedConnector(),
      preview: port('target', this.#preview()).preview,
      execute: targetOf(this, process, (call) => {
        this.#watch.called(call);
      }),
    };
    return {
      runtime: port('runtime', this.#configurations(process)),
      clock,
      nonce: () => simulation.random.hex(32),
      sleep: (ms: number) => simulation.after(ms, process),
      log,
      metrics: { record: () => undefined },
      store: port('store', this.#store),
      blobs: port('blobs', this.blobs),
      spare: port('spare', this.spare),
      archive: port('archive', this.archive),
      outcomes: port('outcomes', this.outcomes),
      controls: this.#controls(process),
      keyedDigests: port('keyedDigests', memoryKeyedDigests()),
      workflow: port('workflow', createWorkflow(this.workflow.client(), 'arn')),
      notices: port('notices', this.notices),
      notifier: this.#slackOf(process),
      connectors: new Map([['postgres', connector]]),
      catalogues: createCatalogues(clock, log),
    };
  }

  /** Every port among the controls, whichever there are. */
  #controls(process: Process): MemoryControls {
    const ports = Object.entries(this.controls).map(([name, member]: [string, unknown]): [string, unknown] => [
      name,
      typeof member === 'object' && member !== null && !(member instanceof Map) && !Array.isArray(member)
        ? this.weatherman.port(process, name, member)
        : member,
    ]);
    return Object.fromEntries(ports) as unknown as MemoryControls;
  }

  /** What a statement would touch: another number every time somebody looks, and sometimes nobody can say. */
  #preview(): Pick<Connector, 'preview'> {
    return {
      preview: ({ text }) => {
        const rows = this.simulation.random.between(0, 120);
        this.measured.set(text, [...(this.measured.get(text) ?? []), rows]);
        return Promise.resolve({ rows: { basis: 'measured', rows }, uncounted: [] });
      },
    };
  }

  #configurations(process: Process): RuntimeSource {
    const answer = (runtime: Runtime | undefined) => {
      if (runtime === undefined)
        return Promise.resolve(err({ code: 'configuration_unavailable', message: 'broken' } as const));
      this.judgedBy.set(process, runtime);
      this.judgedAt.set(process, this.simulation.now + process.skew);
      return Promise.resolve(ok(runtime));
    };
    return {
      // A warm function may hold one that is up to a minute old.
      current: () =>
        answer(this.inForce(this.healthy ? 0 : this.simulation.random.between(0, 60_000)) ?? this.inForce()),
      fresh: () => answer(this.inForce()),
    };
  }

  /** Patient where the functions are. */
  #slackOf(process: Process): Notifier {
    const slack = this.weatherman.port(process, 'notifier', this.#notifier(process));
    const waits = ['askapprovers', 'concludeapproval'].some((name) => process.name.startsWith(name));
    return waits ? patient({ sleep: (ms) => this.simulation.after(ms, process) }, slack) : slack;
  }

  #notifier(process: Process): Notifier {
    return {
      ask: (view, channel) => {
        this.#watch.heard('slack', view, view);
        const { session, status } = view;
        const ts = String((this.#posted += 1));
        this.#watch.posted(session, channel, this.messagesOf(session, channel));
        const { unheard } = this.weatherman;
        this.messages.set(`${channel}/${ts}`, { session, channel, ts, status, by: process, unheard });
        return Promise.resolve(ok({ channel, ts }));
      },
      update: (view, { channel, ts }) => {
        this.#watch.heard('slack', view, view);
        const there = this.messages.get(`${channel}/${ts}`);
        if (there === undefined) throw new TypeError('a message was updated that nobody posted');
        this.messages.set(`${channel}/${ts}`, { ...there, status: view.status });
        return Promise.resolve(ok(undefined));
      },
      remind: (view: object) => {
        this.#watch.heard('slack', view);
        return Promise.resolve(ok(undefined));
      },
    };
  }

  messagesOf(session: string, channel: string): readonly Message[] {
    return [...this.messages.values()].filter((message) => message.session === session && message.channel === channel);
  }

  /** Messages whose place the gateway knows: what it can still bring up to date. */
  isKept({ session, channel, ts }: Message): boolean {
    const { notices = [] } = this.notices.rows.get(session) ?? {};
    return notices.some((notice) => notice.channel === channel && notice.ts === ts);
  }

  #log(process: Process) {
    const write = (message: string, facts?: object) => {
      this.simulation.note(`  ${process.name} “${message}” ${JSON.stringify(facts ?? {})}`);
      this.#watch.heard('log', [message, facts]);
    };
    return { info: () => undefined, warn: write, error: write };
  }

  #watched(store: typeof this.raw): SessionStore {
    return {
      ...store,
      create: async (events, guard) => {
        const known = store.rows.has(events[0]?.session ?? '');
        const made = await store.create(events, guard);
        if (!known && made.ok && made.value.kind === 'created') this.#durable(events[0]?.session ?? '');
        return made;
      },
      append: async (before, events, guard) => {
        const length = store.rows.get(before.id)?.events.length;
        const written = await store.append(before, events, guard);
        if (store.rows.get(before.id)?.events.length !== length) this.#durable(before.id);
        return written;
      },
    };
  }

  #durable(id: string): void {
    const session = this.raw.sessionOf(id);
    this.simulation.note(`✎ ${id} ${session.status} ${session.events.at(-1)?.type ?? ''} ${session.ended?.how ?? ''}`);
    this.#watch.durable(session);
  }

  configurationOf(name: ConfigurationName): Runtime | undefined {
    return configuration(name);
  }

  /** Those whom a broken glass skipped have been told, or one of them has reviewed it already. */
  #isHeardOf(id: string): boolean {
    const owed = this.raw.sessionOf(id).breakGlass !== undefined && this.controls.owedReviews().includes(id);
    return !owed || this.messagesOf(id, 'C0DBA').length > 0;
  }

  isDone(): boolean {
    const told = [...this.notices.rows.values()].every(({ due }) => due === undefined);
    return told && [...this.raw.rows.keys()].every((id) => this.#isSettled(id));
  }

  #isSettled(id: string): boolean {
    const { status } = this.raw.sessionOf(id);
    return isFinal(status) && this.raw.rows.get(id)?.deleteAfter !== undefined && this.#isHeardOf(id);
  }
}
