import { concludeTaskSchema } from '../../shared/contracts/lambda-event.ts';
import { concludeApproval, type Arrival } from '../../shared/gateway/approval/conclude-approval.ts';
import type { ReviewDeps } from '../../shared/gateway/approval/owed-reviews.ts';
import type { OutcomeSink } from '../../shared/gateway/record/pending-outcome.ts';
import { orThrow } from '../../shared/gateway/task.ts';

/** Last task of the workflow: a final state on record, and everyone told. Safe to repeat. */
export const createHandler =
  (deps: ReviewDeps & OutcomeSink) =>
  async (event: unknown): Promise<void> => {
    const { session, outcome } = concludeTaskSchema.parse(event);
    orThrow(await concludeApproval(deps, session, arrivalOf(outcome)));
  };

function arrivalOf(outcome: string): Arrival {
  return outcome === 'expired' || outcome === 'failed' || outcome === 'not_asked' ? outcome : 'settled';
}
