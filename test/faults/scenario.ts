import type { Definition } from '../../infra/local/workflow/definition.ts';
import type { SessionStatus } from '../../shared/domain/session-status.ts';
import { Play } from './play.ts';
import type { Settings } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly settings: Settings;
  /** Statuses that some of the first seeds end in. */
  readonly reaches: readonly SessionStatus[];
  /** Statuses that no session may end in. */
  readonly never?: readonly SessionStatus[];
  /** Puts everything that will happen into the simulation. */
  readonly script: (play: Play) => void;
}

export interface Told {
  readonly broken: readonly string[];
  readonly history: readonly string[];
  /** How each session ended, and how often the target was called: a scenario that reaches nothing proves nothing. */
  readonly statuses: readonly string[];
  readonly calls: number;
  /** Messages in Slack that still look open although their session has ended. */
  readonly stale: number;
}

/** Seconds in which things go wrong: five minutes of a question and what comes after. */
export const STORM_SECONDS = 480;
/** Healthy minutes after which everything must have ended: the longest patience of a sweep and of a retry, twice. */
const CALM_MINUTES = 30;

export async function perform(scenario: Scenario, seed: number, definition: Definition): Promise<Told> {
  const play = new Play(seed, scenario.settings, definition);
  const { simulation, world, checks } = play;
  const start = simulation.now;
  try {
    scenario.script(play);
    play.clockwork(STORM_SECONDS * 1_000);
    await simulation.run(start + STORM_SECONDS * 1_000);
    world.heal();
    for (let minute = 0; minute < CALM_MINUTES && !(minute > 1 && world.isDone()); minute += 1) {
      void play.sweep();
      await simulation.run(simulation.now + 60_000);
    }
    void play.pressAll();
    await simulation.run(simulation.now + 60_000);
    checks.atTheEnd(scenario.never ?? []);
    checks.broken.push(...simulation.mistakes);
  } catch (error) {
    checks.broken.push(`the simulation itself: ${error instanceof Error ? (error.stack ?? error.message) : 'broke'}`);
  }
  const statuses = play.ids.map((id) => play.session(id)?.status ?? 'none');
  const calls = [...checks.calls.values()].reduce((sum, made) => sum + made.length, 0);
  const stale = [...world.messages.values()].filter(({ status }) => status === 'pending_approval').length;
  return { broken: checks.broken, history: simulation.history, statuses, calls, stale };
}
