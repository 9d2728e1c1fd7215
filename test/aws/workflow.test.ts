import { rm } from 'node:fs/promises';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorkflows, type EmbeddedWorkflows } from '../../infra/local/workflow/service.ts';
import { createWorkflow } from '../../shared/aws/workflow.ts';
import type { Workflow } from '../../shared/gateway/ports/workflow.ts';
import { settingsFor, temporaryFolder } from '../local/endpoint.ts';
import { askDefinition } from '../local/workflow.contract.ts';

const WAITS = [{ seconds: 600, moment: 0 }];
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Test';
/** The contract's one question, timed as the deployed workflow times its first. */
const DEFINITION = askDefinition('arn:aws:lambda:us-east-1:000000000000:function:ask').replace(
  '$.timeoutSeconds',
  '$.waits.first.seconds',
);
const tokens = new Map<string, string>();
const asks: string[] = [];

/** Stands in for Lambda: keeps the token it was given. */
const lambda = {
  invoke: (_name: string, payload: { session?: string; token?: string }) => {
    asks.push(payload.session ?? '');
    tokens.set(payload.session ?? '', payload.token ?? '');
    return Promise.resolve({ ok: true, value: null });
  },
};

describe('the approval workflow on Step Functions', () => {
  let folder: string;
  let service: EmbeddedWorkflows;
  let client: SFNClient;
  let workflow: Workflow;
  beforeAll(async () => {
    folder = await temporaryFolder();
    service = await startWorkflows({ stateDir: folder });
    service.deploy({ arn: MACHINE, definition: DEFINITION }, lambda as never);
    client = new SFNClient(settingsFor(service.url));
    workflow = createWorkflow(client, MACHINE);
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true });
  });
  const status = async (session: string) =>
    (
      await client.send(
        new DescribeExecutionCommand({
          executionArn: `${MACHINE.replace(':stateMachine:', ':execution:')}:${session}`,
        }),
      )
    ).status;

  test('is started once a session, however often it is asked to', async () => {
    for (let time = 0; time < 3; time += 1)
      expect(await workflow.start('ses_1', WAITS)).toEqual({ ok: true, value: undefined });
    await expect.poll(() => tokens.has('ses_1')).toBe(true);
    expect(asks).toEqual(['ses_1']);
  });

  test('is woken once, and a second time or a token that is none counts as delivered', async () => {
    await workflow.start('ses_2', WAITS);
    await expect.poll(() => tokens.has('ses_2')).toBe(true);
    const token = tokens.get('ses_2') ?? '';
    for (let time = 0; time < 2; time += 1)
      expect(await workflow.wake(token, { outcome: 'approved' })).toEqual({ ok: true, value: undefined });
    await expect.poll(() => status('ses_2')).toBe('SUCCEEDED');
    expect(await workflow.wake('no-such-token', { outcome: 'denied' })).toEqual({ ok: true, value: undefined });
  });

  test('that does not exist is a fault, not an exception', async () => {
    const none = createWorkflow(client, `${MACHINE}None`);
    expect(await none.start('ses_3', WAITS)).toMatchObject({ ok: false, error: { code: 'workflow_unavailable' } });
  });
});
