import { extend } from '../../domain/chain.ts';
import type { EventBody, SessionEvent } from '../../domain/event.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import { setAside, type OutcomeSink } from '../record/pending-outcome.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { SpareBlobs } from '../ports/spare-blobs.ts';
import type { Surroundings } from '../runtime.ts';
import type { LargeAnswer, Settled } from './settle.ts';

/** Tries at writing an outcome: about 1.5 s in all, so that a short throttle is ridden out and the caller still answered. */
const PAUSES_MS = [0, 100, 400, 1_000];

interface Recorded {
  readonly session: Session;
  /** False: it ran, the caller is told so and told that the record does not have it yet. */
  readonly recorded: boolean;
}

/** What recording an outcome needs: the record, and where to set aside what the record does not take. */
export type RecordingDeps = Surroundings & OutcomeSink & { readonly store: SessionStore; readonly spare: SpareBlobs };

/** Puts the outcome on record before anyone hears of it. */
export async function recordOutcome(deps: RecordingDeps, session: Session, settled: Settled): Promise<Recorded> {
  const events = extend(session.id, session.head, bodiesOf(settled), deps.clock(), deps.nonce);
  const after = sessionOf([...session.events, ...events]) ?? session;
  const [written, kept] = await Promise.all([append(deps, session, events), keepLarge(deps, session, settled.large)]);
  if (written !== 'written') await notRecorded(deps, session, events, written);
  return { session: after, recorded: written === 'written' && kept };
}

const bodiesOf = ({ masked, outcome }: Settled): readonly EventBody[] => [
  ...(masked === undefined ? [] : [{ type: 'masked', data: masked } as const]),
  { type: 'outcome', data: outcome },
];

/** S3 does not take a large answer: the table does, in parts, and its session is archived once S3 has it after all. */
async function keepLarge(deps: RecordingDeps, session: Session, large: LargeAnswer | undefined): Promise<boolean> {
  if (large === undefined || (await large.stored).ok) return true;
  const aside = await deps.spare.put(large.bytes);
  deps.log.error('answer not on record', { session: session.id, setAside: aside.ok });
  return false;
}

/** The table did not take it: S3 does, and the sweep brings it back from there. Where both fail, the log is what is left. */
async function notRecorded(
  deps: Surroundings & OutcomeSink,
  session: Session,
  events: readonly SessionEvent[],
  written: Written,
): Promise<void> {
  const aside = written === 'fault' && (await setAside(deps, events)).ok;
  deps.log.error('outcome not on record', { session: session.id, write: written, setAside: aside });
}

type Written = 'written' | 'conflict' | 'fault';

async function append(
  deps: Surroundings & { store: SessionStore },
  session: Session,
  events: readonly SessionEvent[],
): Promise<Written> {
  for (const pause of PAUSES_MS) {
    if (pause > 0) await deps.sleep(pause);
    const written = await deps.store.append(session, events);
    if (written.ok) return written.value === 'written' ? 'written' : 'conflict';
  }
  return 'fault';
}
