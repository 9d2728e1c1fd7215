import { askTaskSchema } from '../../shared/contracts/lambda-event.ts';
import { askApprovers, type AskDeps } from '../../shared/gateway/approval/ask-approvers.ts';
import { orThrow } from '../../shared/gateway/task.ts';

/** Begins a wait of the workflow. What it returns is not looked at; what it throws, Step Functions retries or catches. */
export const createHandler =
  (deps: AskDeps) =>
  async (event: unknown): Promise<void> => {
    const { session, ...wait } = askTaskSchema.parse(event);
    orThrow(await askApprovers(deps, session, wait));
  };
