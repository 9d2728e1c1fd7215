import { extend, EMPTY_CHAIN } from '../domain/chain.ts';
import type { EventBody } from '../domain/event.ts';
import type { Refusal } from '../domain/refusal.ts';
import { sessionOf } from '../domain/session.ts';
import { err, type Result } from '../platform/result.ts';
import { repeated, type Answered, type Refused } from './answered.ts';
import type { Submission } from './intake/submission.ts';
import type { TailDeps } from './run/run-statement.ts';

/** A refusal is on record like everything else. When the record is down it is still a refusal, and says so. */
export async function refuse(
  deps: TailDeps,
  id: string,
  given: Submission,
  refusal: Refusal,
  bodies?: readonly EventBody[],
): Promise<Result<Answered, Refused>> {
  const told: EventBody = {
    type: 'refused',
    data: { code: refusal.code, message: 'detail' in refusal ? refusal.detail : '' },
  };
  const events = extend(id, EMPTY_CHAIN, bodies ?? [given.event, told], deps.clock(), deps.nonce);
  const [written, stored] = await Promise.all([deps.store.create(events), given.stored]);
  if (written.ok && written.value.kind === 'exists') return repeated(written.value.stored.session, given.requestDigest);
  const recorded = written.ok && stored.ok && sessionOf(events) !== undefined;
  if (!recorded) deps.log.error('refusal not on record', { session: id, code: refusal.code });
  return err({ refusal, session: id, recorded });
}
