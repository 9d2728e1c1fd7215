import { randomBytes } from 'node:crypto';
import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { isObject } from '../lambda/json.ts';
import type { InvocationFailure, InvocationOutcome } from '../lambda/protocol.ts';
import { contextOf } from './context.ts';
import type { TaskState } from './definition.ts';
import type { Execution, Progress } from './execution.ts';
import { fill, read, select, StateError } from './json-path.ts';

export type TaskCall = {
  readonly functionName: string;
  readonly payload: JsonValue;
  /** Set for `.waitForTaskToken`: the answer comes by the token, and the function's own result is dropped. */
  readonly token: string | undefined;
  /** True for `arn:aws:states:::lambda:invoke`, whose result is an envelope around the function's. */
  readonly envelope: boolean;
  readonly deadline: number | undefined;
  readonly heartbeatDeadline: number | undefined;
};

const INVOKE = /^arn:[a-z-]+:states:::lambda:invoke(\.waitForTaskToken)?$/;
const FUNCTION = /^arn:[a-z-]+:lambda:[^:]*:[^:]*:function:[A-Za-z0-9_-]+$/;

/** The only two things a Task can be here. Anything else is an error at deployment. */
export function runnableResource(resource: string): boolean {
  return INVOKE.test(resource) || FUNCTION.test(resource);
}

/** What the task asks of Lambda. Timeouts count from here; TimeoutSecondsPath reads the state's input, before Parameters. */
export function prepare(execution: Execution, state: TaskState, now: number): TaskCall {
  const integration = INVOKE.exec(state.Resource);
  const token = integration?.[1] === undefined ? undefined : randomBytes(48).toString('base64url');
  const context = contextOf(execution, token);
  const input = select(state.InputPath, { input: execution.state.input, context });
  const scope = { input, context };
  const parameters = state.Parameters === undefined ? input : fill(state.Parameters, scope);
  const timeout =
    state.TimeoutSecondsPath === undefined
      ? state.TimeoutSeconds
      : secondsAt(state.TimeoutSecondsPath, read(state.TimeoutSecondsPath, scope));
  const times = {
    deadline: timeout === undefined ? undefined : now + timeout * 1000,
    heartbeatDeadline: state.HeartbeatSeconds === undefined ? undefined : now + state.HeartbeatSeconds * 1000,
  };
  if (integration === null)
    return { functionName: state.Resource, payload: parameters, token, envelope: false, ...times };
  return { ...integrationCall(parameters), token, envelope: true, ...times };
}

function integrationCall(parameters: JsonValue): { functionName: string; payload: JsonValue } {
  const named = isObject(parameters) ? parameters['FunctionName'] : undefined;
  if (!isObject(parameters) || typeof named !== 'string')
    throw new StateError('States.Runtime', 'Parameters name no FunctionName');
  return { functionName: named, payload: parameters['Payload'] ?? {} };
}

function secondsAt(path: string, value: JsonValue): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 99_999_999) return value;
  throw new StateError('States.Runtime', `${path} must be a whole number of seconds from 1 to 99999999`);
}

/** What follows from Lambda's answer. */
export function afterInvocation(call: TaskCall, outcome: InvocationOutcome): Progress {
  if (!outcome.ok) return { phase: 'failed', error: outcome.error.errorType, cause: causeOf(outcome.error) };
  if (call.token !== undefined) return { phase: 'waiting', token: call.token };
  const output = call.envelope
    ? { ExecutedVersion: '$LATEST', Payload: outcome.value, StatusCode: 200 }
    : outcome.value;
  return { phase: 'answered', output };
}

function causeOf(error: InvocationFailure): string {
  return JSON.stringify({ errorMessage: error.errorMessage, errorType: error.errorType, trace: error.trace }).slice(
    0,
    32_768,
  );
}

/** The function was running when the stack died, and nobody will ever hear what it did. */
export const LOST: Progress = {
  phase: 'failed',
  error: 'Lambda.Unknown',
  cause: 'The embedded stack stopped while the function was running; whether it finished is not known.',
};
