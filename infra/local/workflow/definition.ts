import * as z from 'zod';
import { StartFailure } from '../start-failure.ts';
import { faultInPath } from './json-path.ts';
import { comparisonNames } from './choice.ts';

/**
 * What of the Amazon States Language (https://states-language.net/spec.html) this runs: Task on lambda:invoke, with and
 * without a task token, Choice, Pass, Wait, Succeed, Fail; JSONPath. Every object is strict, so a state machine that
 * uses more (JSONata, Assign, Map, Parallel, intrinsic functions, other services) is refused when it is deployed.
 */
const path = z
  .string()
  .refine(
    (text) => faultInPath(text) === undefined,
    'only definite paths such as $.a.b, $.a[0] and $$.Task.Token are run here',
  );
const nullablePath = path.nullable();
const seconds = z.number().int().min(1).max(99_999_999);

const retrier = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.number().int().min(1).default(1),
  MaxAttempts: z.number().int().min(0).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.number().int().min(1).optional(),
  JitterStrategy: z.literal('NONE').optional(),
  Comment: z.string().optional(),
});
const catcher = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  ResultPath: nullablePath.default('$'),
  Comment: z.string().optional(),
});

const common = {
  Comment: z.string().optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  InputPath: nullablePath.default('$'),
};
const goesOn = { Next: z.string().optional(), End: z.literal(true).optional(), OutputPath: nullablePath.default('$') };
const template = z.record(z.string(), z.json());

const taskSchema = z.strictObject({
  Type: z.literal('Task'),
  ...common,
  ...goesOn,
  Resource: z.string(),
  Parameters: template.optional(),
  ResultSelector: template.optional(),
  ResultPath: nullablePath.default('$'),
  TimeoutSeconds: seconds.optional(),
  TimeoutSecondsPath: path.optional(),
  HeartbeatSeconds: seconds.optional(),
  Retry: z.array(retrier).default([]),
  Catch: z.array(catcher).default([]),
});
const choiceSchema = z.strictObject({
  Type: z.literal('Choice'),
  ...common,
  OutputPath: nullablePath.default('$'),
  Choices: z.array(z.record(z.string(), z.json())).min(1),
  Default: z.string().optional(),
});
const passSchema = z.strictObject({
  Type: z.literal('Pass'),
  ...common,
  ...goesOn,
  Result: z.json().optional(),
  Parameters: template.optional(),
  ResultPath: nullablePath.default('$'),
});
const waitSchema = z.strictObject({
  Type: z.literal('Wait'),
  ...common,
  ...goesOn,
  Seconds: seconds.optional(),
  SecondsPath: path.optional(),
});
const succeedSchema = z.strictObject({ Type: z.literal('Succeed'), ...common, OutputPath: nullablePath.default('$') });
const failSchema = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  Error: z.string().optional(),
  Cause: z.string().optional(),
});

const stateSchema = z.discriminatedUnion('Type', [
  taskSchema,
  choiceSchema,
  passSchema,
  waitSchema,
  succeedSchema,
  failSchema,
]);
const definitionSchema = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  StartAt: z.string(),
  TimeoutSeconds: seconds.optional(),
  States: z.record(z.string(), stateSchema),
});

export type State = z.output<typeof stateSchema>;
export type TaskState = z.output<typeof taskSchema>;
export type Definition = z.output<typeof definitionSchema>;

/** @throws StartFailure naming the state and the member that is not run here. */
export function readDefinition(text: string): Definition {
  const parsed = definitionSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new StartFailure(
      `the state machine uses what the embedded Step Functions does not run:\n${z.prettifyError(parsed.error)}`,
    );
  }
  for (const problem of problemsIn(parsed.data))
    throw new StartFailure(`the state machine is not runnable: ${problem}`);
  return parsed.data;
}

function* problemsIn(definition: Definition): Generator<string> {
  const known = (name: string): boolean => Object.hasOwn(definition.States, name);
  if (!known(definition.StartAt)) yield `StartAt names ${definition.StartAt}, which is no state`;
  for (const [name, state] of Object.entries(definition.States)) {
    for (const next of successors(state)) if (!known(next)) yield `${name} goes to ${next}, which is no state`;
    yield* templateProblems(name, state);
    if (state.Type === 'Choice') for (const rule of state.Choices) yield* ruleProblems(name, rule);
  }
}

function successors(state: State): string[] {
  if (state.Type === 'Choice')
    return [
      ...state.Choices.flatMap((rule) => (typeof rule['Next'] === 'string' ? [rule['Next']] : [])),
      ...listed(state.Default),
    ];
  if (state.Type === 'Succeed' || state.Type === 'Fail') return [];
  const caught = state.Type === 'Task' ? state.Catch.map((entry) => entry.Next) : [];
  return [...listed(state.Next), ...caught];
}

const listed = (name: string | undefined): string[] => (name === undefined ? [] : [name]);

/** `"name.$": "<path>"` anywhere in Parameters or ResultSelector. Intrinsic functions (`States.…`) are not run here. */
function* templateProblems(name: string, state: State): Generator<string> {
  if (state.Type !== 'Task' && state.Type !== 'Pass') return;
  const pending: unknown[] = [state.Parameters, state.Type === 'Task' ? state.ResultSelector : undefined];
  for (let value = pending.pop(); pending.length > 0 || value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [member, content] of Object.entries(value)) {
      const broken = member.endsWith('.$') && (typeof content !== 'string' || faultInPath(content) !== undefined);
      if (broken) yield `${name} has ${member}: ${JSON.stringify(content)}, which is no definite path`;
      pending.push(content);
    }
  }
}

function* ruleProblems(name: string, rule: Record<string, unknown>): Generator<string> {
  const outcomes = comparisonNames(rule);
  for (const unknown of outcomes.unknown) yield `${name} compares with ${unknown}, which is not run here`;
}
