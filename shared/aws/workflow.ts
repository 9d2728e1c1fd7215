import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { Workflow, WorkflowFault } from '../gateway/ports/workflow.ts';
import { err, ok, type Result } from '../platform/result.ts';

/** The approval workflow on Step Functions Standard. The session's id is the execution's name, so it starts once. */
export function createWorkflow(client: SFNClient, stateMachineArn: string): Workflow {
  return {
    start: (session, timeoutSeconds) =>
      attempt(
        () =>
          client.send(
            new StartExecutionCommand({
              stateMachineArn,
              name: session,
              input: JSON.stringify({ session, timeoutSeconds }),
            }),
          ),
        (error) => error instanceof ExecutionAlreadyExists,
      ),
    wake: (taskToken, over) =>
      attempt(
        () => client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(over) })),
        // Closed already: by an earlier delivery of the same decision, or by its time. The record knows which.
        (error) => error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken,
      ),
  };
}

async function attempt(
  send: () => Promise<unknown>,
  counts: (error: unknown) => boolean,
): Promise<Result<void, WorkflowFault>> {
  try {
    await send();
    return ok(undefined);
  } catch (error) {
    if (counts(error)) return ok(undefined);
    return err({
      code: 'workflow_unavailable',
      message: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error',
    });
  }
}
