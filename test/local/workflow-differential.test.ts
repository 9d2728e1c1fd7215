import { StateMachine } from 'aws-local-stepfunctions';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { startWorkflows } from '../../infra/local/workflow/service.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';
import { settled } from './workflow.contract.ts';

/** An independent reading of the same specification: both must come to the same output, or both fail. */
const definition = {
  StartAt: 'Shape',
  States: {
    Shape: {
      Type: 'Pass',
      Parameters: { 'vote.$': '$.vote', kept: { a: [1] } },
      ResultPath: '$.shaped',
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
          Next: 'Run',
        },
        {
          Or: [
            { Variable: '$.vote.count', NumericGreaterThan: 2 },
            { Variable: '$.vote.sure', BooleanEquals: true },
          ],
          Next: 'Deep',
        },
        { Not: { Variable: '$.vote.outcome', IsPresent: true }, Next: 'Narrow' },
      ],
      Default: 'Discard',
    },
    Run: { Type: 'Pass', Result: { ran: true }, ResultPath: '$.result.of.run', End: true },
    Deep: { Type: 'Pass', InputPath: '$.vote', OutputPath: '$.vote', ResultPath: '$.vote.copy', End: true },
    Narrow: { Type: 'Pass', InputPath: null, End: true },
    Discard: { Type: 'Pass', Result: 'x', ResultPath: null, OutputPath: '$.shaped', End: true },
  },
} as const;

const vote = fc.record(
  {
    outcome: fc.oneof(fc.constantFrom('approved', 'denied', ''), fc.integer(), fc.constant(null)),
    // Not digits: the other implementation compares "3" with 2 as numbers, where the specification says the types differ.
    count: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('', 'many')),
    sure: fc.oneof(fc.boolean(), fc.string()),
  },
  { requiredKeys: [] },
);
const inputs = fc.record({ vote, other: fc.integer() }, { requiredKeys: ['other'] });

test('reads Pass and Choice as an independent implementation of the specification does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-differential-'));
  const service = await startWorkflows({ stateDir: folder });
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Differential';
  service.deploy(
    { arn: stateMachineArn, definition: JSON.stringify(definition) },
    { invoke: () => Promise.reject(new Error('no tasks')) },
  );
  const sfn = new SFNClient({
    endpoint: service.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const theirs = new StateMachine(definition as unknown as ConstructorParameters<typeof StateMachine>[0]);
  try {
    await fc.assert(
      fc.asyncProperty(inputs, async (given) => {
        const input = JSON.parse(JSON.stringify(given)) as JsonValue;
        const expected = await theirs.run(input as never).result.then(
          (output) => ({ output }),
          () => ({ failed: true }),
        );
        const { executionArn = '' } = await sfn.send(
          new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
        );
        const ended = await settled(sfn, executionArn);
        const ours =
          ended.status === 'SUCCEEDED' ? { output: JSON.parse(ended.output ?? 'null') as unknown } : { failed: true };
        expect(ours).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  } finally {
    await service.close();
    rmSync(folder, { recursive: true });
  }
});
