import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { DescribeExecutionCommandOutput, SFNClient } from '@aws-sdk/client-sfn';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';

/**
 * What the gateway relies on in Step Functions. `stateMachineArn` runs `askDefinition`; `takeToken` waits for the token that
 * the function of state Ask was given for an execution's input `{"session": …}`.
 */
export type WorkflowSite = {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
  takeToken(session: string): Promise<string>;
};

export const settled = async (client: SFNClient, executionArn: string): Promise<DescribeExecutionCommandOutput> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (found.status !== 'RUNNING') return found;
    await delay(25);
  }
  throw new Error(`${executionArn} still runs`);
};

/** One question by task token, and what became of it. */
export const askDefinition = (functionArn: string): string =>
  JSON.stringify({
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: { FunctionName: functionArn, Payload: { 'session.$': '$.session', 'token.$': '$$.Task.Token' } },
        TimeoutSecondsPath: '$.timeoutSeconds',
        ResultPath: '$.vote',
        Catch: [
          { ErrorEquals: ['States.Timeout'], ResultPath: '$.error', Next: 'Expired' },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Broken' },
        ],
        Next: 'Which',
      },
      Which: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.vote.outcome', IsPresent: true },
              { Variable: '$.vote.outcome', StringEquals: 'approved' },
            ],
            Next: 'Approved',
          },
        ],
        Default: 'Denied',
      },
      Approved: { Type: 'Pass', Result: 'run', ResultPath: '$.end', End: true },
      Denied: { Type: 'Pass', Result: 'denied', ResultPath: '$.end', End: true },
      Expired: { Type: 'Pass', Result: 'expired', ResultPath: '$.end', End: true },
      Broken: { Type: 'Fail', Error: 'Broken', Cause: 'the question could not be put' },
    },
  });

export function workflowContract(site: () => WorkflowSite): void {
  let counter = 0;
  const fresh = (): string => `contract-${Date.now()}-${(counter += 1)}`;
  const start = async (session: string, timeoutSeconds = 600) => {
    const input = JSON.stringify({ session, timeoutSeconds });
    const { executionArn } = await site().client.send(
      new StartExecutionCommand({ stateMachineArn: site().stateMachineArn, name: session, input }),
    );
    if (executionArn === undefined) throw new Error('no ARN');
    return { executionArn, input };
  };
  const endOf = async (arn: string): Promise<unknown> =>
    JSON.parse((await settled(site().client, arn)).output ?? 'null');

  test('an answer by task token takes its place in the state and decides the way on', async () => {
    const session = fresh();
    const { executionArn } = await start(session);
    const taskToken = await site().takeToken(session);
    await site().client.send(new SendTaskSuccessCommand({ taskToken, output: '{"outcome":"approved"}' }));
    expect(await endOf(executionArn)).toEqual({
      session,
      timeoutSeconds: 600,
      vote: { outcome: 'approved' },
      end: 'run',
    });
  });

  test('a failure by task token is caught by its name', async () => {
    const session = fresh();
    const { executionArn } = await start(session);
    const taskToken = await site().takeToken(session);
    await site().client.send(new SendTaskFailureCommand({ taskToken, error: 'Nobody', cause: 'home' }));
    expect(await settled(site().client, executionArn)).toMatchObject({ status: 'FAILED', error: 'Broken' });
  });

  test('nobody answers: the timeout named by the input ends the wait', async () => {
    const session = fresh();
    const { executionArn } = await start(session, 1);
    const taskToken = await site().takeToken(session);
    expect(await endOf(executionArn)).toMatchObject({ end: 'expired', error: { Error: 'States.Timeout' } });
    const late = site().client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    await expect(late).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  test('of two answers the first counts and the second hears that the task is over', async () => {
    const session = fresh();
    const { executionArn } = await start(session);
    const taskToken = await site().takeToken(session);
    const answers = ['approved', 'denied'].map((outcome) =>
      site().client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ outcome }) })),
    );
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({ name: 'TaskTimedOut' });
    expect((await settled(site().client, executionArn)).status).toBe('SUCCEEDED');
  });

  test('starting again by the same name and input is the same execution, with another input it is refused', async () => {
    const session = fresh();
    const { executionArn, input } = await start(session);
    const again = { stateMachineArn: site().stateMachineArn, name: session };
    expect(await site().client.send(new StartExecutionCommand({ ...again, input }))).toMatchObject({ executionArn });
    const other = site().client.send(new StartExecutionCommand({ ...again, input: '{"session":"other"}' }));
    await expect(other).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await site().client.send(new StopExecutionCommand({ executionArn, cause: 'done here' }));
    await expect(site().client.send(new StartExecutionCommand({ ...again, input }))).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    });
  });

  test('stopping ends it, closes its token, and can be said twice', async () => {
    const session = fresh();
    const { executionArn } = await start(session);
    const taskToken = await site().takeToken(session);
    await site().client.send(new StopExecutionCommand({ executionArn, error: 'Cancelled', cause: 'by the agent' }));
    expect(await settled(site().client, executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Cancelled',
      cause: 'by the agent',
    });
    await site().client.send(new StopExecutionCommand({ executionArn }));
    await expect(site().client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }))).rejects.toMatchObject({
      name: 'TaskTimedOut',
    });
  });

  test.each([
    [
      'a token that never was',
      () => new SendTaskSuccessCommand({ taskToken: 'made-up', output: '{}' }),
      'InvalidToken',
    ],
    [
      'a heartbeat for a token that never was',
      () => new SendTaskHeartbeatCommand({ taskToken: 'made-up' }),
      'InvalidToken',
    ],
    [
      'an output that is not JSON',
      () => new SendTaskSuccessCommand({ taskToken: 'made-up', output: '{' }),
      'InvalidOutput',
    ],
  ])('%s is refused as %s', async (_title, command, name) => {
    await expect(site().client.send(command() as SendTaskSuccessCommand)).rejects.toMatchObject({ name });
  });

  test('refuses an input that is not JSON or too large, and machines and executions that do not exist', async () => {
    const { client, stateMachineArn } = site();
    await expect(client.send(new StartExecutionCommand({ stateMachineArn, input: 'no' }))).rejects.toMatchObject({
      name: 'InvalidExecutionInput',
    });
    const large = JSON.stringify({ text: 'x'.repeat(262_144) });
    await expect(client.send(new StartExecutionCommand({ stateMachineArn, input: large }))).rejects.toMatchObject({
      name: 'InvalidExecutionInput',
    });
    const absent = `${stateMachineArn}-absent`;
    await expect(client.send(new StartExecutionCommand({ stateMachineArn: absent }))).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:absent`;
    await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
  });

  test('lists executions by status, a page at a time', async () => {
    const sessions = [fresh(), fresh(), fresh()];
    const arns = await Promise.all(sessions.map(async (session) => (await start(session)).executionArn));
    const listed: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await site().client.send(
        new ListExecutionsCommand({
          stateMachineArn: site().stateMachineArn,
          statusFilter: 'RUNNING',
          maxResults: 2,
          nextToken,
        }),
      );
      listed.push(...(page.executions ?? []).map((execution) => execution.executionArn ?? ''));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(listed).toEqual(expect.arrayContaining(arns));
    await Promise.all(arns.map((executionArn) => site().client.send(new StopExecutionCommand({ executionArn }))));
  });
}
