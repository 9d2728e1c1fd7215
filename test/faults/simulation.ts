import type { Random } from './random.ts';

/** One invocation of a function. When it is dead nothing of it ever goes on: its promises stay open for ever. */
export interface Process {
  readonly name: string;
  /** Milliseconds by which its clock is wrong. */
  skew: number;
  dead: boolean;
  /** Tells whoever invoked it. */
  onDeath: (why: string) => void;
}

export type Ended<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

interface Waiting {
  readonly process: Process | undefined;
  readonly go: () => void;
}

/** More steps than any run takes; a story that spins is a fault too. */
const MOST_STEPS = 60_000;

/** A world with one clock of its own, where the seed decides who goes on next. */
export class Simulation {
  now = Date.parse('2026-11-21T10:00:00.000Z');
  readonly random: Random;
  readonly history: string[] = [];
  /** What stories threw that no story may. */
  readonly mistakes: string[] = [];
  readonly #ready: Waiting[] = [];
  readonly #timers: { at: number; order: number; waiting: Waiting }[] = [];
  #order = 0;
  #processes = 0;
  #steps = 0;

  constructor(random: Random) {
    this.random = random;
  }

  note(text: string): void {
    this.history.push(`${new Date(this.now).toISOString().slice(11, 23)} ${text}`);
  }

  /** Waits until the seed picks this one. Of a dead process, never. */
  turn(process?: Process): Promise<void> {
    return new Promise((go) => this.#ready.push({ process, go }));
  }

  after(ms: number, process?: Process): Promise<void> {
    return new Promise((go) => {
      this.#timers.push({ at: this.now + Math.max(0, ms), order: (this.#order += 1), waiting: { process, go } });
    });
  }

  at(ms: number, work: () => unknown): void {
    void this.after(ms).then(work);
  }

  kill(process: Process, why: string): void {
    if (process.dead) return;
    process.dead = true;
    this.note(`✝ ${process.name}: ${why}`);
    process.onDeath(why);
  }

  /** Runs a story as an invocation that lives at most `timeoutMs`. */
  invoke<T>(name: string, timeoutMs: number, skew: number, story: (process: Process) => Promise<T>): Promise<Ended<T>> {
    const process: Process = { name: `${name}#${String((this.#processes += 1))}`, skew, dead: false, onDeath: () => 0 };
    this.note(`▶ ${process.name}${skew === 0 ? '' : ` (clock ${String(skew)} ms off)`}`);
    const ended = new Promise<Ended<T>>((resolve) => {
      process.onDeath = (why) => {
        resolve({ ok: false, why });
      };
      story(process).then(
        (value) => {
          if (!process.dead) this.note(`■ ${process.name}`);
          process.dead = true;
          resolve({ ok: true, value });
        },
        (error: unknown) => {
          process.dead = true;
          this.note(`■ ${process.name} threw ${String(error)}`);
          // An orderly failure of a task is an Error with words; this is a mistake in the program.
          if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
            this.mistakes.push(error.stack ?? String(error));
          resolve({ ok: false, why: String(error) });
        },
      );
    });
    void this.after(timeoutMs, process).then(() => {
      this.kill(process, 'timed out');
    });
    return ended;
  }

  /** Lets everything happen up to `until`. */
  async run(until: number): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if ((this.#steps += 1) > MOST_STEPS) throw new Error('the simulation does not come to rest');
      const next = this.#pick();
      if (next !== undefined) next.go();
      else if (!this.#advance(until)) break;
    }
    this.now = Math.max(this.now, until);
  }

  #pick(): Waiting | undefined {
    for (;;) {
      if (this.#ready.length === 0) return undefined;
      const [next] = this.#ready.splice(this.random.between(0, this.#ready.length - 1), 1);
      if (next !== undefined && next.process?.dead !== true) {
        // A call takes a moment, so that the order of events is also an order of times.
        this.now += 1;
        return next;
      }
    }
  }

  #advance(until: number): boolean {
    for (;;) {
      const first = this.#timers.reduce<number>((best, timer, index) => {
        const there = this.#timers[best];
        return there === undefined || timer.at < there.at || (timer.at === there.at && timer.order < there.order)
          ? index
          : best;
      }, -1);
      const timer = this.#timers[first];
      if (timer === undefined || timer.at > until) return false;
      this.#timers.splice(first, 1);
      if (timer.waiting.process?.dead === true) continue;
      this.now = Math.max(this.now, timer.at);
      timer.waiting.go();
      return true;
    }
  }
}
