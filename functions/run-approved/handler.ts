import { runTaskSchema } from '../../shared/contracts/lambda-event.ts';
import { runApproved } from '../../shared/gateway/approval/run-approved.ts';
import type { JudgeDeps } from '../../shared/gateway/run/judge.ts';
import type { TailDeps } from '../../shared/gateway/run/run-statement.ts';
import { orThrow } from '../../shared/gateway/task.ts';

/** Second task of the workflow: the run. Never retried by Step Functions; the record says how it went. */
export const createHandler =
  (deps: TailDeps & JudgeDeps) =>
  async (event: unknown): Promise<{ status: string }> =>
    orThrow(await runApproved(deps, runTaskSchema.parse(event).session));
