import type { JsonValue } from '../../../shared/platform/json-value.ts';
import type { InvocationOutcome } from '../lambda/protocol.ts';
import { contextOf } from './context.ts';
import type { Definition, State, TaskState } from './definition.ts';
import type { Execution, Progress } from './execution.ts';
import { read, select, StateError } from './json-path.ts';
import type { Ledger } from './ledger.ts';
import { afterInvocation, prepare } from './task.ts';
import { fail, leave, leaveTask, passThrough, progress } from './transition.ts';

export type Invoker = { invoke(functionName: string, payload: JsonValue): Promise<InvocationOutcome> };

/** Does one step of an execution and stores where that led. An error inside a state is that state's failure. */
export async function takeStep(
  ledger: Ledger,
  lambda: Invoker,
  definition: Definition,
  execution: Execution,
): Promise<void> {
  try {
    await stepOrThrow(ledger, lambda, definition, execution);
  } catch (error) {
    const broken = error instanceof StateError ? error : new StateError('States.Runtime', String(error));
    ledger.apply(execution, fail(execution, definition, broken.error, broken.message, ledger.now()));
  }
}

async function stepOrThrow(
  ledger: Ledger,
  lambda: Invoker,
  definition: Definition,
  execution: Execution,
): Promise<void> {
  const state = definition.States[execution.state.name];
  if (state === undefined)
    throw new StateError('States.Runtime', `the state machine has no state ${execution.state.name}`);
  const at = execution.state.progress;
  if (at.phase === 'failed') ledger.apply(execution, fail(execution, definition, at.error, at.cause, ledger.now()));
  else if (at.phase === 'pausing') await pause(ledger, execution, state, at.until);
  else if (state.Type === 'Task') await task(ledger, lambda, execution, state);
  else if (state.Type === 'Wait') beginWait(ledger, execution, state);
  else ledger.apply(execution, passThrough(execution, state, ledger.now()));
}

async function task(ledger: Ledger, lambda: Invoker, execution: Execution, state: TaskState): Promise<void> {
  const at = execution.state.progress;
  if (at.phase === 'entered') await invoke(ledger, lambda, execution, state);
  else if (at.phase === 'answered') ledger.apply(execution, leaveTask(execution, state, at.output, ledger.now()));
  else {
    await ledger.changed(execution);
    expire(ledger, execution);
  }
}

/** Stored as `invoking` before Lambda is called: what was called once is never called again because of a restart. */
async function invoke(ledger: Ledger, lambda: Invoker, execution: Execution, state: TaskState): Promise<void> {
  const call = prepare(execution, state, ledger.now());
  const invoking: Progress =
    call.token === undefined ? { phase: 'invoking' } : { phase: 'invoking', token: call.token };
  const times = {
    ...(call.deadline === undefined ? {} : { taskDeadline: call.deadline }),
    ...(call.heartbeatDeadline === undefined ? {} : { heartbeatDeadline: call.heartbeatDeadline }),
  };
  const stored = ledger.apply(execution, { state: { ...execution.state, ...times, progress: invoking } });
  const outcome = await Promise.race([lambda.invoke(call.functionName, call.payload), ledger.changed(stored)]);
  const current = stillAt(ledger, stored);
  if (current === undefined) return;
  if (outcome === undefined) expire(ledger, stored);
  else ledger.apply(current, progress(current, afterInvocation(call, outcome)));
}

/** The execution as stored now, unless somebody has moved it on meanwhile. */
function stillAt(ledger: Ledger, before: Execution): Execution | undefined {
  const current = ledger.get(before.arn);
  return current?.status === 'RUNNING' && current.state.progress === before.state.progress ? current : undefined;
}

function expire(ledger: Ledger, before: Execution): void {
  const current = stillAt(ledger, before);
  if (current === undefined) return;
  const past = (time: number | undefined): boolean => time !== undefined && time <= ledger.now();
  const { taskDeadline, heartbeatDeadline } = current.state;
  if (past(taskDeadline))
    ledger.apply(
      current,
      progress(current, { phase: 'failed', error: 'States.Timeout', cause: 'the task took longer than its timeout' }),
    );
  else if (past(heartbeatDeadline))
    ledger.apply(
      current,
      progress(current, { phase: 'failed', error: 'States.HeartbeatTimeout', cause: 'no heartbeat in time' }),
    );
}

/** After the pause a task starts anew (a retry), and a Wait state is done. */
async function pause(ledger: Ledger, execution: Execution, state: State, until: number): Promise<void> {
  if (ledger.now() < until) {
    await ledger.changed(execution);
    return;
  }
  const { name, input, enteredAt, retries } = execution.state;
  const afresh: Execution['state'] = { name, input, enteredAt, retries, progress: { phase: 'entered' } };
  if (state.Type !== 'Wait') ledger.apply(execution, { state: afresh });
  else ledger.apply(execution, leave(execution, state, select(state.InputPath, scopeOf(execution)), ledger.now()));
}

function beginWait(ledger: Ledger, execution: Execution, state: Extract<State, { Type: 'Wait' }>): void {
  const seconds = state.SecondsPath === undefined ? state.Seconds : read(state.SecondsPath, scopeOf(execution));
  if (typeof seconds !== 'number' || seconds < 0)
    throw new StateError('States.Runtime', 'Wait needs a number of seconds');
  ledger.apply(execution, progress(execution, { phase: 'pausing', until: ledger.now() + seconds * 1000 }));
}

const scopeOf = (execution: Execution) => ({ input: execution.state.input, context: contextOf(execution) });
