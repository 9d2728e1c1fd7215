import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskTimedOut,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { readDefinition, type Definition, type TaskState } from '../../infra/local/workflow/definition.ts';
import type { Execution, Progress } from '../../infra/local/workflow/execution.ts';
import { StateError } from '../../infra/local/workflow/json-path.ts';
import { afterInvocation, prepare } from '../../infra/local/workflow/task.ts';
import { enter, fail, leaveTask, passThrough, progress, type Change } from '../../infra/local/workflow/transition.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';
import { readable, resources, synthesise } from '../infra/template.ts';
import type { Ended, Simulation } from './simulation.ts';

/** The state machine as CDK synthesises it; functions are named by their folder without its dashes. */
export function synthesised(): Definition {
  const machine = [...resources(synthesise(), 'AWS::StepFunctions::StateMachine').values()][0]?.Properties ?? {};
  return readDefinition(readable(machine['DefinitionString']).replaceAll('<AWS::Partition>', 'aws'));
}

/** Invokes the function of that name with a payload. */
export type Invoke = (name: string, payload: JsonValue) => Promise<Ended<unknown>>;

/**
 * Step Functions in the time of the simulation: the steps are those of the embedded one, the waiting is virtual. It is
 * the one thing that does not break (AWS keeps it), but what it calls may be refused before it begins or lost after.
 */
export class StepFunctions {
  readonly executions = new Map<string, Execution>();
  readonly tokens: string[] = [];
  /** Of a hundred invocations, how many the Lambda service itself gets wrong. */
  trouble = 0;
  readonly #simulation: Simulation;
  readonly #definition: Definition;
  readonly #invoke: Invoke;
  readonly #answers = new Map<string, { execution: string; answer: (output: JsonValue) => void }>();

  constructor(simulation: Simulation, definition: Definition, invoke: Invoke) {
    this.#simulation = simulation;
    this.#definition = definition;
    this.#invoke = invoke;
  }

  /** What `createWorkflow` needs of a client. */
  client(): SFNClient {
    const send = (command: unknown): Promise<unknown> => {
      if (command instanceof StartExecutionCommand) return this.#start(command);
      if (command instanceof SendTaskSuccessCommand) return this.#succeed(command);
      throw new Error('a command that the workflow never sends');
    };
    return { send } as unknown as SFNClient;
  }

  #start({ input: { name = '', input = '{}' } }: StartExecutionCommand): Promise<unknown> {
    if (this.executions.has(name)) return Promise.reject(new ExecutionAlreadyExists({ message: name, $metadata: {} }));
    const { now } = this.#simulation;
    const arn = `arn:aws:states:eu-west-1:123456789012:execution:approval:${name}`;
    const state = { name: '', input: {}, enteredAt: now, retries: [], progress: { phase: 'entered' as const } };
    const stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:approval';
    const begun = { arn, name, stateMachineArn, input, startedAt: now, status: 'RUNNING' as const, state, path: [] };
    this.executions.set(name, { ...begun, spentTokens: [] });
    this.#apply(
      name,
      enter({ ...begun, spentTokens: [] }, this.#definition.StartAt, JSON.parse(input) as JsonValue, now),
    );
    void this.#drive(name);
    return Promise.resolve({});
  }

  #succeed({ input: { taskToken = '', output = '{}' } }: SendTaskSuccessCommand): Promise<unknown> {
    const waiting = this.#answers.get(taskToken);
    if (waiting === undefined) {
      const error = this.tokens.includes(taskToken) ? TaskTimedOut : InvalidToken;
      return Promise.reject(new error({ message: 'closed', $metadata: {} }));
    }
    this.#answers.delete(taskToken);
    this.#simulation.note(`λ ${waiting.execution} woken with ${output}`);
    waiting.answer(JSON.parse(output) as JsonValue);
    return Promise.resolve({});
  }

  #get(name: string): Execution {
    const found = this.executions.get(name);
    if (found === undefined) throw new Error(`no execution ${name}`);
    return found;
  }

  #apply(name: string, change: Change): void {
    const before = this.#get(name);
    const after = { ...before, ...change };
    if (after.state.name !== before.state.name) this.#simulation.note(`λ ${name} → ${after.state.name}`);
    if (after.status !== 'RUNNING') this.#simulation.note(`λ ${name} ${after.status} ${after.error ?? ''}`);
    this.executions.set(name, after);
  }

  async #drive(name: string): Promise<void> {
    while (this.#get(name).status === 'RUNNING') {
      await this.#simulation.turn();
      const execution = this.#get(name);
      const { now } = this.#simulation;
      try {
        await this.#step(name, execution, now);
      } catch (error) {
        const broken = error instanceof StateError ? error : new StateError('States.Runtime', String(error));
        this.#apply(name, fail(execution, this.#definition, broken.error, broken.message, now));
      }
    }
  }

  async #step(name: string, execution: Execution, now: number): Promise<void> {
    const state = this.#definition.States[execution.state.name];
    const at = execution.state.progress;
    if (state === undefined) throw new StateError('States.Runtime', `no state ${execution.state.name}`);
    if (at.phase === 'failed') this.#apply(name, fail(execution, this.#definition, at.error, at.cause, now));
    else if (at.phase === 'pausing') {
      await this.#simulation.after(at.until - now);
      this.#apply(name, progress(execution, { phase: 'entered' }));
    } else if (state.Type !== 'Task') {
      if (state.Type === 'Wait') throw new Error('the workflow has no Wait states');
      this.#apply(name, passThrough(execution, state, now));
    } else if (at.phase === 'answered') this.#apply(name, leaveTask(execution, state, at.output, now));
    else this.#apply(name, progress(execution, await this.#task(name, execution, state, now)));
  }

  async #task(name: string, execution: Execution, state: TaskState, now: number): Promise<Progress> {
    const call = prepare(execution, state, now);
    const { token } = call;
    const deadline = call.deadline ?? now + 86_400_000;
    const answered = new Promise<Progress>((resolve) => {
      if (token === undefined) return;
      this.tokens.push(token);
      const answer = (output: JsonValue): void => {
        resolve({ phase: 'answered', output });
      };
      this.#answers.set(token, { execution: name, answer });
    });
    const timedOut = this.#simulation.after(deadline - now).then((): Progress => ({
      phase: 'failed',
      error: 'States.Timeout',
      cause: 'the task took longer than its timeout',
    }));
    const invoked = this.#invoked(call).then((ended) =>
      ended.phase === 'waiting' ? new Promise<Progress>(() => undefined) : ended,
    );
    const next = await Promise.race([answered, timedOut, invoked]);
    if (token !== undefined) this.#answers.delete(token);
    return next;
  }

  async #invoked(call: ReturnType<typeof prepare>): Promise<Progress> {
    const { random } = this.#simulation;
    const failed = (error: string): Progress => ({ phase: 'failed', error, cause: '' });
    const folder = call.functionName.replace(/\.Arn$/, '');
    if (random.chance(this.trouble / 100))
      return failed(random.pick(['Lambda.TooManyRequestsException', 'Lambda.ServiceException']));
    const ended = await this.#invoke(folder, call.payload);
    // Ran, and the service lost its answer.
    if (random.chance(this.trouble / 100)) return failed('Lambda.ServiceException');
    if (!ended.ok) return failed('Lambda.Unknown');
    return afterInvocation(call, { ok: true, value: null });
  }
}
