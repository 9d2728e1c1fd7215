import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readable, resources, synthesise } from './template.ts';

const template = synthesise();
const machine = [...resources(template, 'AWS::StepFunctions::StateMachine').values()][0]?.Properties ?? {};
const definitionText = readable(machine['DefinitionString']);

const retrySchema = z.looseObject({ ErrorEquals: z.array(z.string()), MaxAttempts: z.int() });
const stateSchema = z.object({
  Type: z.string(),
  Resource: z.string().optional(),
  Parameters: z.object({ FunctionName: z.string(), Payload: z.record(z.string(), z.unknown()) }).optional(),
  Result: z.unknown().optional(),
  ResultPath: z.string().nullish(),
  TimeoutSeconds: z.int().optional(),
  TimeoutSecondsPath: z.string().optional(),
  Retry: z.array(retrySchema).default([]),
  Catch: z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() })).default([]),
  Choices: z.array(z.object({ Next: z.string() }).loose()).optional(),
  Default: z.string().optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
});
const definition = z
  .object({
    StartAt: z.string(),
    TimeoutSeconds: z.int(),
    QueryLanguage: z.undefined().optional(),
    States: z.record(z.string(), stateSchema),
  })
  .parse(JSON.parse(definitionText));

function state(name: string): z.output<typeof stateSchema> {
  const found = definition.States[name];
  if (found === undefined) throw new Error(`no state ${name}`);
  return found;
}

describe('the approval workflow', () => {
  it('uses only what the embedded runner can run: JSONPath, tasks, choices and passes', () => {
    expect(new Set(Object.values(definition.States).map(({ Type }) => Type))).toEqual(
      new Set(['Task', 'Choice', 'Pass']),
    );
    expect(definitionText).not.toMatch(/JSONata|"Assign"|\{%/);
  });

  const WAITS = [
    ['AskApprovers', 'first', 'Second?'],
    ['RemindOnce', 'second', 'Third?'],
    ['RemindTwice', 'third', 'Fourth?'],
    ['RemindLast', 'fourth', 'Expired'],
  ] as const;

  it('asks only where there is something to wait for; else it tells who was skipped', () => {
    expect(definition.StartAt).toBe('Asked?');
    expect(state('Asked?')).toMatchObject({
      Choices: [{ Variable: '$.waits.first.seconds', IsPresent: true, Next: 'AskApprovers' }],
      Default: 'NotAsked',
    });
    expect(state('NotAsked')).toMatchObject({ Result: { outcome: 'not_asked' }, Next: 'ConcludeApproval' });
  });

  it.each(WAITS)('waits for votes by task token in %s, no longer than the session allows', (name, wait) => {
    expect(state(name)).toMatchObject({
      Resource: 'arn:<AWS::Partition>:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: 'askapprovers.Arn',
        Payload: {
          'session.$': '$.session',
          'moment.$': `$.waits.${wait}.moment`,
          'attempt.$': '$$.State.RetryCount',
          'taskToken.$': '$$.Task.Token',
        },
      },
      TimeoutSecondsPath: `$.waits.${wait}.seconds`,
      ResultPath: '$.vote',
      Next: 'Approved?',
    });
  });

  it.each(WAITS)(
    'takes silence in %s for the next wait, if there is one, and everything else for failed',
    (name, _wait, next) => {
      expect(state(name).Catch).toMatchObject([
        { ErrorEquals: ['States.Timeout'], Next: next },
        { ErrorEquals: ['States.ALL'], Next: 'Failed' },
      ]);
    },
  );

  it.each([
    ['Second?', 'second', 'RemindOnce'],
    ['Third?', 'third', 'RemindTwice'],
    ['Fourth?', 'fourth', 'RemindLast'],
  ])('goes on at %s only where the session has another wait', (name, wait, next) => {
    expect(state(name)).toMatchObject({
      Choices: [{ Variable: `$.waits.${wait}.seconds`, IsPresent: true, Next: next }],
      Default: 'Expired',
    });
  });

  it('says how it came to its end', () => {
    for (const [name, outcome] of [
      ['Expired', 'expired'],
      ['Failed', 'failed'],
    ] as const)
      expect(state(name)).toMatchObject({ Result: { outcome }, ResultPath: '$.vote', Next: 'ConcludeApproval' });
  });

  it('begins a wait again whenever its function fails, for an hour, and never because somebody was slow', () => {
    // `States.TaskFailed` is every error but a timeout.
    for (const [name] of WAITS)
      expect(state(name).Retry).toEqual([
        {
          ErrorEquals: ['States.TaskFailed'],
          IntervalSeconds: 2,
          BackoffRate: 2,
          MaxDelaySeconds: 60,
          MaxAttempts: 60,
        },
      ]);
  });

  it('runs only what was approved, and no answer that it cannot read', () => {
    const choice = state('Approved?');
    expect(choice.Choices).toEqual([
      {
        And: [
          { Variable: '$.vote.outcome', IsPresent: true },
          { Variable: '$.vote.outcome', StringEquals: 'approved' },
        ],
        Next: 'RunApproved',
      },
      { Variable: '$.vote.outcome', IsPresent: true, Next: 'ConcludeApproval' },
    ]);
    expect(choice.Default).toBe('Failed');
    const leadingToRun = Object.entries(definition.States).filter(([, { Next, Catch, Default }]) =>
      [Next, Default, ...Catch.map((one) => one.Next)].includes('RunApproved'),
    );
    expect(leadingToRun).toEqual([]);
  });

  it('runs at most once: only a call that never reached the function is tried again', () => {
    expect(state('RunApproved').Retry.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
      ['Lambda.TooManyRequestsException'],
    ]);
    expect(state('RunApproved')).toMatchObject({
      Resource: 'arn:<AWS::Partition>:states:::lambda:invoke',
      Parameters: { FunctionName: 'runapproved.Arn', Payload: { 'session.$': '$.session' } },
      ResultPath: null,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
      Next: 'ConcludeApproval',
    });
  });

  it('tells everyone, and keeps trying to', () => {
    expect(state('ConcludeApproval')).toMatchObject({
      Parameters: {
        FunctionName: 'concludeapproval.Arn',
        Payload: { 'session.$': '$.session', 'outcome.$': '$.vote.outcome' },
      },
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 7 }],
      End: true,
    });
  });

  it('bounds every task and itself', () => {
    const tasks = Object.values(definition.States).filter(({ Type }) => Type === 'Task');
    for (const task of tasks) expect(task.TimeoutSeconds ?? task.TimeoutSecondsPath).toBeDefined();
    expect(definition.TimeoutSeconds).toBe(25 * 3_600);
  });

  it('writes no statement and no token into its log', () => {
    expect(machine).toMatchObject({
      StateMachineType: 'STANDARD',
      // The functions know it by this name; test/infra/permissions.test.ts holds their side.
      StateMachineName: 'Countersign-approval',
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });
});
