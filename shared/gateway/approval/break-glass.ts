import type { Ask, Decision } from '../../domain/decision.ts';
import type { EventBody } from '../../domain/event.ts';
import { skippedGroups } from '../../domain/review.ts';
import type { Session } from '../../domain/session.ts';
import { ok, type Result } from '../../platform/result.ts';
import type { ExecuteCall, ExecuteDeps } from '../answered.ts';
import { circumstancesOf } from '../intake/circumstances.ts';
import type { StoreFault } from '../ports/session-store.ts';
import { decidedOf, type Judgement } from '../run/judge.ts';
import type { Runtime } from '../runtime.ts';
import { FIRST_LOOK_SECONDS } from './owed-reviews.ts';

/** Whether a statement that people would be asked about may run without them, and what then goes on record before it. */
export type Glass =
  | { readonly kind: 'broken'; readonly judgement: Judgement; readonly events: readonly EventBody[] }
  | { readonly kind: 'held'; readonly why: string };

/** Policy judges the very same effects once more, with `breakGlass`. Nothing else may open what people would have opened. */
export function breakGlass(runtime: Runtime, call: ExecuteCall, judgement: Judgement, skipped: readonly Ask[]): Glass {
  const circumstances = { ...circumstancesOf(call.request, []), breakGlass: true };
  const decision = runtime.engine.decide(call.agent, judgement.connection, judgement.effects, circumstances);
  if (decision.verdict !== 'allow') return { kind: 'held', why: heldBy(decision, skipped) };
  const broken = { ...judgement, decision };
  return {
    kind: 'broken',
    judgement: broken,
    events: [
      { type: 'break_glass', data: { reason: circumstances.reason, skipped } },
      { type: 'decided', data: decidedOf(broken, 'run') },
    ],
  };
}

function heldBy(decision: Decision, skipped: readonly Ask[]): string {
  const groups = skippedGroups(skipped).join(', ');
  const said = decision.verdict === 'block' ? decision.policies.map((policy) => policy.message).join(' ') : '';
  return `Break-glass is not open to this agent here. ${said === '' ? '' : `${said} `}Send it again without \`breakGlass\`, and ${groups} will be asked.`;
}

/** On record before the intent: a broken glass without a review that is owed cannot be. */
export function oweReview(deps: ExecuteDeps, id: string, skipped: readonly Ask[]): Promise<Result<void, StoreFault>> {
  const now = deps.clock();
  const review = { session: id, groups: skippedGroups(skipped), since: now.toISOString() };
  return deps.controls.reviews.owe(review, new Date(now.getTime() + FIRST_LOOK_SECONDS * 1_000));
}

/** While it runs, those who were skipped are told. Should this fail, the sweep tells them when the review is first due. */
export async function tellSkipped(deps: ExecuteDeps, session: Session): Promise<Result<void, never>> {
  const started = await deps.workflow.tell(session.id);
  if (!started.ok)
    deps.log.warn('workflow not started; the sweep tells who was skipped', {
      session: session.id,
      fault: started.error.message,
    });
  return ok(undefined);
}
