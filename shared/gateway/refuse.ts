import { extend, EMPTY_CHAIN } from '../domain/chain.ts';
import type { EventBody } from '../domain/event.ts';
import type { Refusal } from '../domain/refusal.ts';
import { sessionOf } from '../domain/session.ts';
import { err, type Result } from '../platform/result.ts';
import { repeated, type Answered, type Refused } from './answered.ts';
import type { Submission } from './intake/submission.ts';
import { refusalOfQuota } from './refusal-of-held.ts';
import type { Admission, TailDeps } from './run/run-statement.ts';

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
  if (written.ok && written.value.kind === 'exists') return repeated(written.value.stored, given.requestDigest);
  const recorded = written.ok && stored.ok && sessionOf(events) !== undefined;
  if (!recorded) deps.log.error('refusal not on record', { session: id, code: refusal.code });
  return err({ refusal, session: id, recorded });
}

/** The same, unless the request is one too many: then it hears that. A loop of refused statements is a loop as well. */
export async function refuseCounted(
  deps: TailDeps,
  one: { readonly id: string; readonly given: Submission; readonly admitted: Admission },
  refusal: Refusal,
  bodies?: readonly EventBody[],
): Promise<Result<Answered, Refused>> {
  const admitted = await one.admitted;
  if (admitted.ok) return refuse(deps, one.id, one.given, refusal, bodies);
  return refuse(deps, one.id, one.given, refusalOfQuota(admitted.error));
}
