import type { Connector } from '../../shared/connectors/connector.ts';
import type { Connection } from '../../shared/contracts/config/connection.ts';
import type { TargetOutcome } from '../../shared/domain/result-set.ts';
import { rowsOf } from '../support/scripted-connector.ts';
import type { Process } from './simulation.ts';
import type { FaultWorld } from './world.ts';

/** How a target can answer, or not. `ran` of each says whether the statement had its effect. */
export type TargetWay =
  'answers' | 'refuses' | 'unavailable' | 'resets' | 'hangs' | 'throws' | 'dies before' | 'dies after';

export interface TargetCall {
  readonly process: Process;
  readonly text: string;
  readonly connection: Connection;
  readonly at: number;
  /** The most rows it was told to change. */
  readonly rowsMax: number | undefined;
}

/** Values that nobody outside may ever see. */
export const CANARIES = {
  unmasked: 'ada.canary@example.com',
  secret: 'hunter2-canary',
} as const;

const WORDS: Readonly<Record<string, TargetOutcome>> = {
  refuses: { kind: 'refused', code: '23505', message: `Key (email)=(${CANARIES.unmasked}) already exists.` },
  unavailable: { kind: 'unavailable', message: 'The target is not there. Try again.' },
  resets: { kind: 'unknown', message: 'The connection was reset.' },
  hangs: { kind: 'unknown', message: 'No answer in 45 s.' },
};

/** The one call that matters. */
export function targetOf(
  world: FaultWorld,
  process: Process,
  called: (call: TargetCall) => void,
): Connector['execute'] {
  return async ({ text }, connection, _effects, { rowsMax }) => {
    const { simulation, settings } = world;
    await simulation.turn(process);
    const way = world.healthy ? 'answers' : simulation.random.pick(settings.target ?? ['answers']);
    simulation.note(`⚑ ${process.name} calls ${connection.name}: ${way}: ${text}`);
    if (way === 'dies before') return die(world, process);
    called({ process, text, connection, at: simulation.now, rowsMax });
    if (way === 'dies after') return die(world, process);
    await simulation.after(way === 'hangs' ? 45_000 : simulation.random.between(1, 500), process);
    if (way === 'throws') throw new Error(`could not connect with password ${CANARIES.secret}`);
    return WORDS[way] ?? rowsOf(['name', 'email'], [['Ada', CANARIES.unmasked]]);
  };
}

function die(world: FaultWorld, process: Process): Promise<never> {
  world.simulation.kill(process, 'killed at the target');
  return new Promise(() => undefined);
}
