import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CallCounter } from '../../bench/calls.ts';
import { executeEvent } from '../../bench/execute-event.ts';
import type { World } from '../world.ts';

type Handler = (event: unknown) => Promise<{ readonly statusCode: number }>;

/**
 * What a request waits for in AWS, counted: the handler runs in this process, with its real SDK clients against the stack.
 * A call more in a row is some milliseconds more for every request, and nothing else would tell.
 */
export function callCases(get: () => World): void {
  const counter = new CallCounter();
  let handler: Handler | undefined;

  beforeAll(async () => {
    for (const [name, value] of Object.entries(get().stack.environment)) vi.stubEnv(name, value);
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
    ({ handler } = await import('../../../functions/execute/index.ts'));
    const { dynamoDocuments, rdsDataClient, s3Client, sfnClient } = await import('../../../shared/aws/clients.ts');
    counter.watch('dynamodb', dynamoDocuments());
    counter.watch('rds-data', rdsDataClient());
    counter.watch('s3', s3Client());
    counter.watch('states', sfnClient());
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  /** After one more: the first reads configuration, keys and catalogue, once in the life of a function. */
  async function callsOf(statement: string, status: number) {
    const token = await get().stack.tokenFor('ci-agent');
    await handler?.(executeEvent(token, 'SELECT id FROM payments LIMIT 1'));
    counter.take();
    const answer = await handler?.(executeEvent(token, statement));
    expect(answer?.statusCode).toBe(status);
    const { calls, sequential } = counter.take();
    return { calls: calls.toSorted(), sequential };
  }

  test.each([1, 100])(
    'an allowed read of %s rows waits for three calls in a row: intent, target, outcome',
    async (rows) => {
      const sql = `SELECT id, order_id, brand, amount_cents FROM payments ORDER BY id LIMIT ${String(rows)}`;
      const { calls, sequential } = await callsOf(sql, 200);
      expect(sequential).toBeLessThanOrEqual(3);
      expect(calls).toEqual(['dynamodb', 'dynamodb', 'dynamodb', 'dynamodb', 'rds-data']);
    },
  );

  test('a blocked statement is counted and recorded, and never calls the target', async () => {
    const { calls, sequential } = await callsOf('DROP TABLE payments', 403);
    expect(calls).toEqual(['dynamodb', 'dynamodb']);
    expect(sequential).toBeLessThanOrEqual(2);
  });

  test('a question calls the target only for its preview, and starts one workflow', async () => {
    const { calls } = await callsOf("UPDATE payments SET brand = 'visa' WHERE id = 1", 202);
    expect(calls.filter((service) => service === 'states')).toHaveLength(1);
  });
}
