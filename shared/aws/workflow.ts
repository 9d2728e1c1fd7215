import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { Wait } from '../domain/moments.ts';
import type { Workflow, WorkflowFault } from '../gateway/ports/workflow.ts';
import { err, ok, type Result } from '../platform/result.ts';

/** The approval workflow on Step Functions Standard. The session's id is the execution's name, so it starts once. */
export function createWorkflow(client: SFNClient, stateMachineArn: string): Workflow {
  const begin = (input: { readonly session: string; readonly waits?: Readonly<Record<string, Wait>> }) =>
    attempt(
      () =>
        client.send(new StartExecutionCommand({ stateMachineArn, name: input.session, input: JSON.stringify(input) })),
      (error) => error instanceof ExecutionAlreadyExists,
    );
  return {
    start: (session, waits) => begin({ session, waits: named(waits) }),
    tell: (session) => begin({ session }),
    wake: (taskToken, over) =>
      attempt(
        () => client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(over) })),
        // Closed already: by an earlier delivery of the same decision, or by its time. The record knows which.
        (error) => error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken,
      ),
  };
}

/** Waits as the state machine names them: it has no loops over a list. */
const NAMES = ['first', 'second', 'third', 'fourth'] as const;

function named(waits: readonly Wait[]): Readonly<Record<string, Wait>> {
  if (waits.length === 0 || waits.length > NAMES.length) throw new RangeError('a question has one to four waits');
  return Object.fromEntries(waits.map((wait, at) => [NAMES[at] ?? '', wait]));
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
