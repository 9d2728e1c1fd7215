import {
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { InvocationOutcome } from '../../infra/local/lambda/protocol.ts';
import { failure } from '../../infra/local/lambda/protocol.ts';
import { startWorkflows } from '../../infra/local/workflow/service.ts';
import type { EmbeddedWorkflows } from '../../infra/local/workflow/service.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';
import { askDefinition, settled, workflowContract } from './workflow.contract.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:ask';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Test';

type Call = { readonly functionName: string; readonly payload: Record<string, JsonValue> };

/** Stands in for Lambda: keeps what it was asked and answers as the test says. */
function fakeLambda(answer: (call: Call, nth: number) => Promise<InvocationOutcome> | InvocationOutcome) {
  const calls: Call[] = [];
  const invoke = async (functionName: string, payload: JsonValue): Promise<InvocationOutcome> => {
    const call = { functionName, payload: payload as Record<string, JsonValue> };
    calls.push(call);
    return answer(call, calls.length);
  };
  const takeToken = async (session: string): Promise<string> => {
    for (let tries = 0; tries < 200; tries += 1) {
      const token = calls.find((call) => call.payload['session'] === session)?.payload['token'];
      if (typeof token === 'string') return token;
      await delay(10);
    }
    throw new Error('Lambda was not called');
  };
  return { calls, invoke, takeToken };
}

const client = (service: EmbeddedWorkflows) =>
  new SFNClient({
    endpoint: service.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
const done: InvocationOutcome = { ok: true, value: null };
const never = () => new Promise<InvocationOutcome>(() => undefined);

let folder: string;
let open: EmbeddedWorkflows[] = [];
const boot = async (definition: string, lambda: { invoke: ReturnType<typeof fakeLambda>['invoke'] }) => {
  const service = await startWorkflows({ stateDir: folder });
  open.push(service);
  service.deploy({ arn: MACHINE, definition }, lambda);
  return { service, sfn: client(service) };
};
const begin = async (sfn: SFNClient, name: string, input: object) => {
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: MACHINE, name, input: JSON.stringify(input) }),
  );
  return executionArn;
};

describe('the contract, against the embedded Step Functions', () => {
  const lambda = fakeLambda(() => done);
  let sfn: SFNClient;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-workflow-'));
    ({ sfn } = await boot(askDefinition(FUNCTION), lambda));
  });
  afterAll(async () => {
    await Promise.all(open.map((service) => service.close()));
    open = [];
    rmSync(folder, { recursive: true });
  });
  workflowContract(() => ({ client: sfn, stateMachineArn: MACHINE, takeToken: lambda.takeToken }));
});

describe('the embedded Step Functions', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-workflow-'));
  });
  afterEach(async () => {
    await Promise.all(open.map((service) => service.close()));
    open = [];
    rmSync(folder, { recursive: true });
  });

  test('a waiting execution survives a restart: its token still answers it, and nobody is asked twice', async () => {
    const first = fakeLambda(() => done);
    const before = await boot(askDefinition(FUNCTION), first);
    const arn = await begin(before.sfn, 'one', { session: 'one', timeoutSeconds: 600 });
    const taskToken = await first.takeToken('one');
    await delay(50);
    await before.service.close();
    const second = fakeLambda(() => done);
    const after = await boot(askDefinition(FUNCTION), second);
    await after.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"outcome":"approved"}' }));
    expect(JSON.parse((await settled(after.sfn, arn)).output ?? '')).toMatchObject({ end: 'run' });
    expect(second.calls).toEqual([]);
  });

  test('time goes on while the stack is down: what expired meanwhile is expired at the start', async () => {
    const first = fakeLambda(() => done);
    const before = await boot(askDefinition(FUNCTION), first);
    const arn = await begin(before.sfn, 'late', { session: 'late', timeoutSeconds: 1 });
    const taskToken = await first.takeToken('late');
    await before.service.close();
    await delay(1_100);
    const { sfn } = await boot(
      askDefinition(FUNCTION),
      fakeLambda(() => done),
    );
    await expect(sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }))).rejects.toMatchObject({
      name: 'TaskTimedOut',
    });
    expect(JSON.parse((await settled(sfn, arn)).output ?? '')).toMatchObject({ end: 'expired' });
  });

  const runOnce = JSON.stringify({
    StartAt: 'Run',
    States: {
      Run: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: FUNCTION, Payload: { 'session.$': '$.session' } },
        Retry: [
          { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Unknown' }],
        ResultPath: null,
        End: true,
      },
      Unknown: { Type: 'Pass', End: true },
    },
  });

  test('a function that ran when the stack died is never called again: the execution takes the way of the error', async () => {
    const first = fakeLambda(never);
    const before = await boot(runOnce, first);
    const arn = await begin(before.sfn, 'run', { session: 'run' });
    while (first.calls.length === 0) await delay(10);
    await before.service.close();
    const second = fakeLambda(() => done);
    const after = await boot(runOnce, second);
    expect(JSON.parse((await settled(after.sfn, arn)).output ?? '')).toMatchObject({
      error: { Error: 'Lambda.Unknown' },
    });
    expect(second.calls).toEqual([]);
  });

  test('retries what a retrier names and only that, as often as it says', async () => {
    const throttled = fakeLambda((_call, nth) =>
      nth < 3 ? failure('throttled', 'Lambda.TooManyRequestsException', 'Rate Exceeded.') : done,
    );
    const { sfn } = await boot(runOnce, throttled);
    expect(await settled(sfn, await begin(sfn, 'throttled', { session: 's' }))).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"session":"s"}',
    });
    expect(throttled.calls).toHaveLength(3);
  });

  test('a failure that no retrier names goes to the catcher at once', async () => {
    const failing = fakeLambda(() => failure('handler', 'RangeError', 'boom'));
    const { sfn } = await boot(runOnce, failing);
    const { output = '' } = await settled(sfn, await begin(sfn, 'failing', { session: 's' }));
    expect(JSON.parse(output)).toMatchObject({
      error: { Error: 'RangeError', Cause: expect.stringContaining('boom') as string },
    });
    expect(failing.calls).toHaveLength(1);
  });

  test('an answer that arrives before the asking function has returned is taken', async () => {
    const lambda = fakeLambda(never);
    const { sfn } = await boot(askDefinition(FUNCTION), lambda);
    const arn = await begin(sfn, 'early', { session: 'early', timeoutSeconds: 60 });
    await sfn.send(
      new SendTaskSuccessCommand({ taskToken: await lambda.takeToken('early'), output: '{"outcome":"approved"}' }),
    );
    expect(JSON.parse((await settled(sfn, arn)).output ?? '')).toMatchObject({ end: 'run' });
  });

  test('an input that its own state machine cannot use fails the execution and hangs nothing', async () => {
    const { sfn } = await boot(
      askDefinition(FUNCTION),
      fakeLambda(() => done),
    );
    for (const [name, timeoutSeconds] of [
      ['none', undefined],
      ['zero', 0],
      ['text', '9'],
      ['huge', 1e12],
    ] as const) {
      const arn = await begin(sfn, name, { session: name, timeoutSeconds });
      expect((await settled(sfn, arn)).status, name).toBe('FAILED');
    }
  });

  test("the machine's own timeout ends an execution", async () => {
    const definition = JSON.stringify({
      StartAt: 'Wait',
      TimeoutSeconds: 1,
      States: { Wait: { Type: 'Wait', Seconds: 60, End: true } },
    });
    const { sfn } = await boot(
      definition,
      fakeLambda(() => done),
    );
    const arn = await begin(sfn, 'slow', {});
    expect((await sfn.send(new DescribeExecutionCommand({ executionArn: arn }))).status).toBe('RUNNING');
    expect((await settled(sfn, arn)).status).toBe('TIMED_OUT');
  });

  test('an endless loop of states ends, as Step Functions ends it at the limit of its history', async () => {
    const definition = JSON.stringify({
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } },
    });
    const { sfn } = await boot(
      definition,
      fakeLambda(() => done),
    );
    expect((await settled(sfn, await begin(sfn, 'loop', {}))).status).toBe('FAILED');
  });

  test.each([
    ['JSONata', { StartAt: 'A', QueryLanguage: 'JSONata', States: { A: { Type: 'Pass', End: true } } }],
    ['Assign', { StartAt: 'A', States: { A: { Type: 'Pass', Assign: { x: 1 }, End: true } } }],
    ['Map', { StartAt: 'A', States: { A: { Type: 'Map', End: true } } }],
    [
      'an intrinsic function',
      { StartAt: 'A', States: { A: { Type: 'Pass', Parameters: { 'x.$': "States.Format('{}', $.a)" }, End: true } } },
    ],
    [
      'another service',
      { StartAt: 'A', States: { A: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', End: true } } },
    ],
    [
      'a comparison that is not run here',
      {
        StartAt: 'A',
        States: { A: { Type: 'Choice', Choices: [{ Variable: '$.a', StringMatches: 'a*', Next: 'A' }] } },
      },
    ],
    ['a successor that does not exist', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'Z' } } }],
    ['a path with a filter', { StartAt: 'A', States: { A: { Type: 'Pass', InputPath: '$..a[?(@.b)]', End: true } } }],
  ])('refuses a state machine with %s when it is deployed', async (_title, definition) => {
    const service = await startWorkflows({ stateDir: folder });
    open.push(service);
    expect(() => {
      service.deploy(
        { arn: MACHINE, definition: JSON.stringify(definition) },
        fakeLambda(() => done),
      );
    }).toThrow(/state machine|state A/);
  });
});
