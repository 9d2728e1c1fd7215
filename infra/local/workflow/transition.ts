import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { sha256Hex } from '../../../shared/platform/canonical.ts';
import { holds } from './choice.ts';
import type { Definition, State, TaskState } from './definition.ts';
import type { Execution, Progress } from './execution.ts';
import { fill, place, select, StateError } from './json-path.ts';
import type { Scope } from './json-path.ts';
import { contextOf } from './context.ts';

/** Step Functions' limit on the input or output of a state. */
export const LARGEST_PAYLOAD = 262_144;
/** Step Functions ends an execution at 25,000 history events, five or so a state. */
const MOST_STATES = 1_000;

/** A change of an execution, computed without I/O: these functions say what comes next, the driver stores and does it. */
export type Change = Partial<Execution>;

export const progress = (execution: Execution, next: Progress): Change => ({
  state: { ...execution.state, progress: next },
});

export function enter(execution: Execution, name: string, input: JsonValue, now: number): Change {
  if (JSON.stringify(input).length > LARGEST_PAYLOAD) {
    return end('FAILED', now, {
      error: 'States.DataLimitExceeded',
      cause: `the input of ${name} is larger than ${LARGEST_PAYLOAD} bytes`,
    });
  }
  if (execution.path.length >= MOST_STATES)
    return end('FAILED', now, { error: 'States.Runtime', cause: `more than ${MOST_STATES} states entered` });
  return {
    state: { name, input, enteredAt: now, retries: [], progress: { phase: 'entered' } },
    path: [...execution.path, name],
  };
}

export function end(
  status: Execution['status'],
  now: number,
  detail: Pick<Change, 'output' | 'error' | 'cause'>,
): Change {
  return { status, stoppedAt: now, ...detail };
}

/** From a state that is done: to the next one, or to the end. `result` is what ResultPath places into the raw input. */
export function leave(
  execution: Execution,
  state: Exclude<State, { Type: 'Choice' | 'Fail' | 'Succeed' }>,
  result: JsonValue,
  now: number,
): Change {
  const placed = state.Type === 'Wait' ? result : place(state.ResultPath, execution.state.input, result);
  const output = select(state.OutputPath, { input: placed, context: contextOf(execution) });
  if (state.Next !== undefined) return enter(execution, state.Next, output, now);
  return end('SUCCEEDED', now, { output: JSON.stringify(output) });
}

/** What a task answered: ResultSelector, ResultPath, OutputPath, then on. */
export function leaveTask(execution: Execution, state: TaskState, answer: JsonValue, now: number): Change {
  const scope: Scope = { input: answer, context: contextOf(execution) };
  const result = state.ResultSelector === undefined ? answer : fill(state.ResultSelector, scope);
  return leave(execution, state, result, now);
}

/** A state that needs nothing but its input. */
export function passThrough(
  execution: Execution,
  state: Exclude<State, { Type: 'Task' | 'Wait' }>,
  now: number,
): Change {
  if (state.Type === 'Fail')
    return end('FAILED', now, { error: state.Error ?? 'States.Fail', cause: state.Cause ?? '' });
  const context = contextOf(execution);
  const input = select(state.InputPath, { input: execution.state.input, context });
  const scope: Scope = { input, context };
  if (state.Type === 'Pass')
    return leave(
      execution,
      state,
      state.Result ?? (state.Parameters === undefined ? input : fill(state.Parameters, scope)),
      now,
    );
  if (state.Type === 'Succeed')
    return end('SUCCEEDED', now, { output: JSON.stringify(select(state.OutputPath, scope)) });
  const chosen = state.Choices.find((rule) => holds(rule, scope))?.['Next'] ?? state.Default;
  if (typeof chosen !== 'string')
    throw new StateError('States.NoChoiceMatched', 'no Choice rule held and there is no Default');
  return enter(execution, chosen, select(state.OutputPath, scope), now);
}

/** Retry, then Catch, then the end, as the specification orders them ("Errors"). */
export function fail(execution: Execution, definition: Definition, error: string, cause: string, now: number): Change {
  const state = definition.States[execution.state.name];
  if (state?.Type === 'Task') {
    const retry = retryOf(execution, state, error, now);
    if (retry !== undefined) return retry;
    const caught = state.Catch.find((entry) => matches(entry.ErrorEquals, error));
    if (caught !== undefined)
      return enter(
        execution,
        caught.Next,
        place(caught.ResultPath, execution.state.input, { Error: error, Cause: cause }),
        now,
      );
  }
  return end('FAILED', now, { error, cause });
}

function retryOf(execution: Execution, state: TaskState, error: string, now: number): Change | undefined {
  const index = state.Retry.findIndex((entry) => matches(entry.ErrorEquals, error));
  const retrier = state.Retry[index];
  const made = execution.state.retries[index] ?? 0;
  if (retrier === undefined || made >= retrier.MaxAttempts) return undefined;
  const pause = Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** made, retrier.MaxDelaySeconds ?? Infinity);
  const retries = state.Retry.map((_, at) => (execution.state.retries[at] ?? 0) + (at === index ? 1 : 0));
  return { state: { ...execution.state, retries, progress: { phase: 'pausing', until: now + pause * 1000 } } };
}

/** `States.TaskFailed` is any error but a timeout; `States.ALL` is any that is not the machine's own failure. */
function matches(names: readonly string[], error: string): boolean {
  const own = error === 'States.Runtime' || error === 'States.DataLimitExceeded';
  return names.some((name) => {
    if (name === 'States.ALL') return !own;
    if (name === 'States.TaskFailed') return !own && error !== 'States.Timeout' && error !== 'States.HeartbeatTimeout';
    return name === error || (name === 'States.Timeout' && error === 'States.HeartbeatTimeout');
  });
}

/** A token that the next state of things no longer waits for is spent. */
export function spendToken(before: Execution, after: Execution): Execution {
  const token = tokenOf(before);
  if (token === undefined || (after.status === 'RUNNING' && tokenOf(after) === token)) return after;
  return { ...after, spentTokens: [...after.spentTokens, sha256Hex(token)] };
}

function tokenOf(execution: Execution): string | undefined {
  const { progress: at } = execution.state;
  return at.phase === 'waiting' || at.phase === 'invoking' ? at.token : undefined;
}
