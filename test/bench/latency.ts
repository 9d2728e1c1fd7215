import { ExecuteStatementCommand } from '@aws-sdk/client-rds-data';
import { CallCounter } from './calls.ts';
import { agentToken, executeEvent } from './execute-event.ts';
import { quantile, row } from './numbers.ts';
import { startStackProcess } from './stack-process.ts';

/** Pairs of one read through the gateway and the same read direct, after as many again to warm up. */
const PAIRS = 400;
const WARM_UP = 100;

/**
 * `npm run bench`: what the gateway adds to an allowed read. The handler of `execute` runs in this process with its real
 * SDK clients; the direct call is the same ExecuteStatement with the same client; the two alternate, A B B A, so that
 * both see the same machine.
 */
async function main(): Promise<void> {
  const stack = await startStackProcess();
  try {
    Object.assign(process.env, stack.environment, { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' });
    await measure(stack.stateDir);
  } finally {
    await stack.stop();
  }
}

async function measure(stateDir: string): Promise<void> {
  const { handler } = await import('../../functions/execute/index.ts');
  const { dynamoDocuments, rdsDataClient, s3Client, sfnClient } = await import('../../shared/aws/clients.ts');
  const counter = new CallCounter();
  counter.watch('dynamodb', dynamoDocuments());
  counter.watch('rds-data', rdsDataClient());
  counter.watch('s3', s3Client());
  counter.watch('states', sfnClient());
  const token = await agentToken(stateDir);
  console.log(
    row([
      'rows',
      'direct p50',
      'direct p99',
      'gateway p50',
      'gateway p99',
      'added p50',
      'added p99',
      'ratio p50',
      'calls in a row',
    ]),
  );
  for (const rows of [1, 100, 1_000]) {
    const sql = `SELECT id, order_id, brand, amount_cents FROM payments ORDER BY id LIMIT ${rows}`;
    const through = () => handler(executeEvent(token, sql));
    const [gateway, alone] = await interleave(through, () =>
      rdsDataClient().send(new ExecuteStatementCommand({ ...TARGET, sql })),
    );
    counter.take();
    const answer = await through();
    if (answer.statusCode !== 200) throw new Error(answer.body);
    console.log(row(figures(rows, gateway, alone, counter.take())));
  }
}

function figures(
  rows: number,
  gateway: readonly number[],
  alone: readonly number[],
  count: ReturnType<CallCounter['take']>,
): string[] {
  const added = gateway.map((ms, index) => ms - (alone[index] ?? 0));
  const both = (of: readonly number[]) => [0.5, 0.99].map((q) => `${quantile(of, q).toFixed(2)} ms`);
  const ratio = `${(quantile(gateway, 0.5) / quantile(alone, 0.5)).toFixed(2)}×`;
  return [
    String(rows),
    ...both(alone),
    ...both(gateway),
    ...both(added),
    ratio,
    `${count.sequential}: ${count.calls.join(', ')}`,
  ];
}

const TARGET = {
  resourceArn: 'arn:aws:rds:eu-west-1:123456789012:cluster:orders',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:countersign/orders/read-AbCdEf',
  database: 'orders',
  includeResultMetadata: true,
  resultSetOptions: { decimalReturnType: 'STRING', longReturnType: 'STRING' },
} as const;

async function interleave(left: () => Promise<unknown>, right: () => Promise<unknown>): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let pair = -WARM_UP; pair < PAIRS; pair += 1) {
    const order = pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) {
      const started = performance.now();
      await (side === 0 ? left() : right());
      if (pair >= 0) times[side].push(performance.now() - started);
    }
  }
  return times;
}

await main();
