import { setTimeout as sleep } from 'node:timers/promises';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CallCounter } from '../calls.ts';
import { quantile, row } from '../numbers.ts';
import { startStackProcess, type StackProcess } from '../stack-process.ts';
import { agentToken, executeEvent } from '../execute-event.ts';

const REQUESTS = 300;
const WARM_UP = 50;

/** The record as a request meets it: its calls in a row, their share of the time, and the way to the archive after it. */
export async function measureLive(): Promise<void> {
  const stack = await startStackProcess();
  try {
    Object.assign(process.env, stack.environment, {
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    });
    const sessions = await measureOverhead(stack);
    await measureLag(stack, sessions);
  } finally {
    await stack.stop();
  }
}

async function measureOverhead(stack: StackProcess): Promise<string[]> {
  const { handler } = await import('../../../functions/execute/index.ts');
  const { dynamoDocuments, rdsDataClient, s3Client, secretsManagerClient } =
    await import('../../../shared/aws/clients.ts');
  const counter = new CallCounter();
  counter.watch('dynamodb', dynamoDocuments());
  counter.watch('rds-data', rdsDataClient());
  counter.watch('s3', s3Client());
  counter.watch('secretsmanager', secretsManagerClient());
  const event = executeEvent(await agentToken(stack.stateDir), 'SELECT id, brand FROM payments ORDER BY id LIMIT 10');
  const seen = {
    whole: [] as number[],
    record: [] as number[],
    target: [] as number[],
    sequential: new Map<number, number>(),
  };
  const sessions: string[] = [];
  for (let request = -WARM_UP; request < REQUESTS; request += 1) {
    counter.take();
    const started = performance.now();
    const answer = await handler(event);
    const whole = performance.now() - started;
    if (answer.statusCode !== 200) throw new Error(answer.body);
    const { sequential, spans } = counter.take();
    if (request < 0) continue;
    sessions.push(z.object({ session: z.string() }).parse(JSON.parse(answer.body)).session);
    const target = spans.find(({ service }) => service === 'rds-data');
    seen.whole.push(whole);
    seen.target.push((target?.end ?? 0) - (target?.start ?? 0));
    // Before the target the intent, after it the outcome; what goes beside them costs no time of its own.
    seen.record.push(whileOf(spans.filter(({ service }) => service === 'dynamodb')));
    seen.sequential.set(sequential, (seen.sequential.get(sequential) ?? 0) + 1);
  }
  console.log(row(['allowed read', 'p50', 'p99']));
  for (const name of ['whole', 'target', 'record'] as const)
    console.log(
      row([name, `${quantile(seen[name], 0.5).toFixed(2)} ms`, `${quantile(seen[name], 0.99).toFixed(2)} ms`]),
    );
  const share = quantile(seen.record, 0.5) / quantile(seen.target, 0.5);
  const calls = [...seen.sequential].map(([count, times]) => `${String(count)} in ${String(times)}`).join(', ');
  console.log(
    `AWS calls in a row: ${calls} requests (one more when the configuration is read again); the record takes ${share.toFixed(2)}× the target's time\n`,
  );
  return sessions;
}

/** Milliseconds in which at least one of these calls was under way. */
function whileOf(spans: readonly { readonly start: number; readonly end: number }[]): number {
  let [sum, until] = [0, 0];
  for (const { start, end } of spans.toSorted((left, right) => left.start - right.start)) {
    sum += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return sum;
}

/** Written when the object was durable: `due` is then the instant of it. */
const itemSchema = z.object({
  Item: z.looseObject({ open: z.string(), due: z.string(), events: z.array(z.string()) }),
});

async function measureLag(stack: StackProcess, sessions: readonly string[]): Promise<void> {
  const { dynamoDocuments } = await import('../../../shared/aws/clients.ts');
  const TableName = stack.environment['SESSIONS_TABLE'];
  const lags: number[] = [];
  for (const session of sessions)
    for (;;) {
      const Key = { pk: `SESSION#${session}`, sk: 'SESSION' };
      const { Item } = itemSchema.parse(await dynamoDocuments().send(new GetCommand({ TableName, Key })));
      if (Item.open !== 'unarchived') {
        const { at } = z.object({ at: z.string() }).parse(JSON.parse(Item.events.at(-1) ?? ''));
        lags.push(Date.parse(Item.due.slice(0, 24)) - Date.parse(at));
        break;
      }
      await sleep(100);
    }
  const figures = [0.5, 0.99, 1].map((q) => `${quantile(lags, q).toFixed(0)} ms`);
  console.log(row(['archive lag', 'p50', 'p99', 'most']));
  console.log(`${row([`${String(lags.length)} sessions`, ...figures])}\n`);
}
