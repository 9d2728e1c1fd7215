import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { StateMachine } from 'aws-local-stepfunctions';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorkflows } from '../../infra/local/workflow/service.ts';
import { createWorkflow } from '../../shared/aws/workflow.ts';
import type { Wait } from '../../shared/domain/moments.ts';
import { readable, resources, synthesise } from '../infra/template.ts';
import { settled } from './workflow.contract.ts';

const machine = [...resources(synthesise(), 'AWS::StepFunctions::StateMachine').values()][0]?.Properties ?? {};
/** The very definition that is deployed, with names in the place of references. */
const definition = readable(machine['DefinitionString']).replaceAll('<AWS::Partition>', 'aws');
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Approval';

const calls: string[] = [];
let tokens: string[] = [];
const invoke = (name: string, payload: unknown) => {
  const { moment, outcome, taskToken } = payload as { moment?: number; outcome?: string; taskToken?: string };
  calls.push([name.replace('.Arn', ''), moment ?? outcome ?? ''].join(' ').trim());
  if (taskToken !== undefined) tokens.push(taskToken);
  return Promise.resolve({ ok: true, value: null } as const);
};

describe('the deployed approval workflow, on the embedded runner', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-approval-'));
  let service: Awaited<ReturnType<typeof startWorkflows>>;
  let client: SFNClient;
  beforeAll(async () => {
    service = await startWorkflows({ stateDir: folder });
    service.deploy({ arn: MACHINE, definition }, { invoke });
    const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
    client = new SFNClient({ endpoint: service.url, region: 'us-east-1', credentials });
  });
  afterAll(async () => {
    client.destroy();
    await service.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    calls.length = 0;
    tokens = [];
  });
  const workflow = () => createWorkflow(client, MACHINE);
  const end = (session: string) => settled(client, `${MACHINE.replace(':stateMachine:', ':execution:')}:${session}`);
  const waits = (...moments: number[]): Wait[] => moments.map((moment) => ({ seconds: 1, moment }));

  test('goes from wait to wait, each at its moment, and expires after the last', async () => {
    await workflow().start('silent', waits(0, 5, 9, 12));
    expect(await end('silent')).toMatchObject({ status: 'SUCCEEDED' });
    expect(calls).toEqual([
      'askapprovers 0',
      'askapprovers 5',
      'askapprovers 9',
      'askapprovers 12',
      'concludeapproval expired',
    ]);
  }, 30_000);

  test('expires after the one wait that a session has', async () => {
    await workflow().start('short', waits(0));
    await end('short');
    expect(calls).toEqual(['askapprovers 0', 'concludeapproval expired']);
  }, 30_000);

  test('runs what is approved in a later wait; the token of the one before wakes nobody', async () => {
    await workflow().start('late', [
      { seconds: 1, moment: 0 },
      { seconds: 60, moment: 5 },
    ]);
    await expect.poll(() => tokens.length, { timeout: 20_000 }).toBe(2);
    await workflow().wake(tokens[0] ?? '', { outcome: 'denied' });
    await workflow().wake(tokens[1] ?? '', { outcome: 'approved' });
    await end('late');
    expect(calls).toEqual(['askapprovers 0', 'askapprovers 5', 'runapproved', 'concludeapproval approved']);
  }, 30_000);

  test('asks nobody about a broken glass, and tells', async () => {
    await workflow().tell('glass');
    await end('glass');
    expect(calls).toEqual(['concludeapproval not_asked']);
  });

  test.each([
    [{ session: 's' }, 'not asked'],
    [{ session: 's', waits: {} }, 'not asked'],
    [{ session: 's', waits: { first: { seconds: 1, moment: 0 } } }, 'asked'],
  ])('reads an input without what it looks for as an independent implementation does: %o', async (input, way) => {
    const { States } = JSON.parse(definition) as { States: Record<string, object> };
    const pass = (Result: string) => ({ Type: 'Pass', Result, End: true });
    const alone = {
      StartAt: 'Asked?',
      States: { 'Asked?': States['Asked?'], AskApprovers: pass('asked'), NotAsked: pass('not asked') },
    };
    const theirs = new StateMachine(alone as unknown as ConstructorParameters<typeof StateMachine>[0]);
    expect(await theirs.run(input as never).result).toBe(way);
  });
});
