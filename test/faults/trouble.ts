import { err } from '../../shared/platform/result.ts';
import type { Process, Simulation } from './simulation.ts';

/** What can go wrong at one call of a port. */
export const TROUBLES = [
  /** The process is gone before or after the call had its effect. */
  'dies before',
  'dies after',
  /** An error, and no effect. */
  'refused',
  /** An error, and the effect all the same: at once, or some seconds later. */
  'reply lost',
  'applied late',
  /** The SDK sends it again after an answer that did not arrive. */
  'twice',
  /** It takes up to half a minute. */
  'slow',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** How much goes wrong, where. */
export interface Weather {
  /** Of a hundred calls, how many meet which trouble. */
  readonly odds: Partial<Readonly<Record<Trouble, number>>>;
  /** Only calls whose label (`store.append`) begins so; absent: all. */
  readonly only?: readonly string[];
  /** Only in processes whose name begins so; absent: in all. */
  readonly within?: readonly string[];
}

/** Sending these again does what sending them once does not, and no SDK does it: Slack's client is told not to. */
const NOT_TWICE = ['notifier', 'runtime', 'meter'];
/** Told to a caller as the port's own error. */
const REFUSALS: Readonly<Record<string, object>> = {
  workflow: { code: 'workflow_unavailable', message: 'throttled' },
  runtime: { code: 'configuration_unavailable', message: 'not readable' },
};
/** What a port throws instead: a preview has no faults of its own. */
const THROWS = ['target'];
const DOWN = { code: 'record_unavailable', message: 'down' };

/** Two functions whose clocks are five seconds off either way, and a call on its way. */
const CLOCKS_DIFFER_MS = 11_000;

const placeOf = ([view, channel]: readonly unknown[]): string =>
  `${typeof view === 'object' && view !== null && 'session' in view ? String(view.session) : ''} ${JSON.stringify(channel)}`;

/** The weather over one world: which call meets what. */
export class Weatherman {
  readonly #simulation: Simulation;
  weather: Weather;
  /** Ports that are down altogether, by the beginning of their label. */
  readonly down = new Set<string>();
  /** Until when Slack has asked not to be asked, by session and channel. */
  readonly #waitUntil = new Map<string, number>();
  /** The call under way has its effect unheard. */
  unheard = false;

  constructor(simulation: Simulation, weather: Weather) {
    this.#simulation = simulation;
    this.weather = weather;
  }

  forecast(label: string, process: Process): Trouble | 'none' {
    if ([...this.down].some((prefix) => label.startsWith(prefix))) return 'refused';
    const { odds, only, within } = this.weather;
    if (within?.some((prefix) => process.name.startsWith(prefix)) === false) return 'none';
    if (only?.some((prefix) => label.startsWith(prefix)) === false) return 'none';
    let dice = this.#simulation.random.next() * 100;
    for (const trouble of TROUBLES) {
      dice -= odds[trouble] ?? 0;
      if (dice < 0) return trouble === 'twice' && NOT_TWICE.some((port) => label.startsWith(port)) ? 'none' : trouble;
    }
    return 'none';
  }

  /** The port as one process has it. */
  port<T extends object>(process: Process, name: string, port: T): T {
    return new Proxy(port, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member);
        if (typeof value !== 'function') return value;
        const label = `${name}.${String(member)}`;
        const call = (values: readonly unknown[]): unknown => Reflect.apply(value, target, values);
        if (String(member) === 'list' && name === 'outcomes')
          return (...values: readonly unknown[]) => this.#listed(process, label, call, values);
        return (...values: readonly unknown[]) => this.#called(process, label, call, values);
      },
    });
  }

  async #called(
    process: Process,
    label: string,
    call: (values: readonly unknown[]) => unknown,
    values: readonly unknown[],
  ): Promise<unknown> {
    const simulation = this.#simulation;
    await simulation.turn(process);
    const trouble = this.forecast(label, process);
    if (trouble !== 'none') simulation.note(`  ${process.name} ${label}: ${trouble}`);
    if (label === 'notifier.ask') this.#notTooSoon(values);
    const refusal = label.startsWith('notifier') ? this.#askedToWait(values) : this.#refusalOf(label);
    const fails = ['refused', 'reply lost', 'applied late'].includes(trouble);
    if (fails && THROWS.some((port) => label.startsWith(port))) throw new Error('the target is not there');
    switch (trouble) {
      case 'dies before':
        return this.#die(process, label);
      case 'refused':
        return refusal;
      case 'applied late':
        simulation.at(simulation.random.between(1, 10_000), () => this.#unheard(call, values));
        return refusal;
      case 'slow':
        await simulation.after(simulation.random.between(100, 30_000), process);
        break;
      case 'twice':
        await call(values);
        await simulation.turn(process);
        break;
      default:
    }
    const answer = await (trouble === 'reply lost' ? this.#unheard(call, values) : call(values));
    if (trouble === 'dies after') return this.#die(process, label);
    if (trouble === 'reply lost') return refusal;
    // The answer is on its way while others go on.
    await simulation.turn(process);
    return answer;
  }

  /** It has its effect, and whoever called has been told that it had not. */
  #unheard(call: (values: readonly unknown[]) => unknown, values: readonly unknown[]): unknown {
    this.unheard = true;
    try {
      return call(values);
    } finally {
      this.unheard = false;
    }
  }

  #refusalOf(label: string) {
    return err(REFUSALS[label.split('.')[0] ?? ''] ?? DOWN);
  }

  /** As Slack does it: sometimes it is just down, sometimes it says for how long. */
  #askedToWait(values: readonly unknown[]) {
    const retryAfterSeconds = this.#simulation.random.pick([0, 5, 40]);
    this.#waitUntil.set(placeOf(values), this.#simulation.now + retryAfterSeconds * 1_000 - CLOCKS_DIFFER_MS);
    return err({ retryAfterSeconds, message: 'slack is down' });
  }

  #notTooSoon(values: readonly unknown[]): void {
    if (this.#simulation.now < (this.#waitUntil.get(placeOf(values)) ?? 0))
      this.#simulation.mistakes.push(`Slack was asked again before its time: ${placeOf(values)}`);
  }

  /** Never goes on. */
  #die(process: Process, label: string): Promise<never> {
    this.#simulation.kill(process, `killed at ${label}`);
    return new Promise(() => undefined);
  }

  async *#listed(
    process: Process,
    label: string,
    call: (values: readonly unknown[]) => unknown,
    values: readonly unknown[],
  ): AsyncGenerator {
    await this.#simulation.turn(process);
    const trouble = this.forecast(label, process);
    if (trouble === 'dies before' || trouble === 'dies after') await this.#die(process, label);
    if (trouble === 'refused' || trouble === 'reply lost') yield err(DOWN);
    else yield* call(values) as AsyncGenerator;
  }
}
