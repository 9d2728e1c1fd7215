import type { JsonObject } from '../../../shared/platform/json-value.ts';
import { parseJson } from '../lambda/json.ts';
import type { Execution } from './execution.ts';

/** The context object, `$$` (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html). */
export function contextOf(execution: Execution, token?: string): JsonObject {
  const { state } = execution;
  return {
    Execution: {
      Id: execution.arn,
      Input: parseJson(execution.input),
      Name: execution.name,
      StartTime: new Date(execution.startedAt).toISOString(),
    },
    State: {
      Name: state.name,
      EnteredTime: new Date(state.enteredAt).toISOString(),
      RetryCount: state.retries.reduce((sum, count) => sum + count, 0),
    },
    StateMachine: { Id: execution.stateMachineArn, Name: execution.stateMachineArn.split(':').at(-1) ?? '' },
    ...(token === undefined ? {} : { Task: { Token: token } }),
  };
}
