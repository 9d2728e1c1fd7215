import { ExecuteStatementCommand } from '@aws-sdk/client-rds-data';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { AtOnce } from './answered-at-once.ts';
import { agentToken, executeEvent } from './execute-event.ts';
import { quantile, table } from './numbers.ts';
import { startStackProcess } from './stack-process.ts';
import { TARGET } from './target.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '400' } } });
const ROUNDS = Number(values.rounds);
const WARM_UP = 200;
/** What an allowed read calls beside the target: count, intent, outcome, rows of the day. */
const CALLS_ADDED = 4;

/**
 * `npm run bench:cpu [-- --rounds 400]`: what an allowed read takes of the processor beyond the same read direct, and how
 * much of that is the gateway's own: a third kind of round has every call answered before the SDK begins. The kinds
 * take turns, so that all see the same machine. The last column is what as many calls cost at the least, without SDK.
 */
async function main(): Promise<void> {
  const stack = await startStackProcess();
  try {
    const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
    Object.assign(process.env, stack.environment, quiet);
    const { handler } = await import('../../functions/execute/index.ts');
    const { dynamoDocuments, rdsDataClient, s3Client } = await import('../../shared/aws/clients.ts');
    const atOnce = new AtOnce();
    atOnce.watch(dynamoDocuments());
    atOnce.watch(rdsDataClient());
    atOnce.watch(s3Client());
    const token = await agentToken(stack.stateDir);
    const lines: string[][] = [];
    for (const rows of [1, 100, 1_000]) {
      const sql = `SELECT id, order_id, brand, amount_cents FROM payments ORDER BY id LIMIT ${rows}`;
      const through = async (): Promise<void> => {
        const answer = await handler(executeEvent(token, sql));
        if (answer.statusCode !== 200) throw new Error(answer.body);
      };
      const own = async (): Promise<void> => {
        atOnce.on = true;
        await through().finally(() => (atOnce.on = false));
      };
      const direct = () => rdsDataClient().send(new ExecuteStatementCommand({ ...TARGET, sql }));
      lines.push(figures(rows, await takingTurns([through, direct, own, bareCalls(stack.environment)])));
    }
    console.log(table(HEAD, lines));
  } finally {
    await stack.stop();
  }
}

const HEAD = ['rows', 'whole p50', 'direct p50', 'added p50', 'added p99', 'own p50', 'own p99', 'bare HTTP p50'];

function figures(rows: number, [whole = [], direct = [], own = [], bare = []]: readonly number[][]): string[] {
  const added = whole.map((ms, index) => ms - (direct[index] ?? 0));
  const cell = (of: readonly number[], q: number): string => `${quantile(of, q).toFixed(2)} ms`;
  return [
    String(rows),
    cell(whole, 0.5),
    cell(direct, 0.5),
    cell(added, 0.5),
    cell(added, 0.99),
    cell(own, 0.5),
    cell(own, 0.99),
    cell(bare, 0.5),
  ];
}

/** Time of the processor in milliseconds, of every kind of work in every round: user and system, collecting garbage and compiling with it. */
async function takingTurns(kinds: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
  const times: number[][] = kinds.map(() => []);
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [index, work] of kinds.entries()) {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times[index]?.push((user + system) / 1_000);
    }
  }
  return times;
}

/** As many small calls as the gateway adds, by Node's own HTTP client over connections that are kept. */
function bareCalls(environment: Readonly<Record<string, string>>): () => Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const url = environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
  const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables', 'content-type': 'application/x-amz-json-1.0' };
  const call = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
        answer.resume().on('end', resolve);
      });
      sent.on('error', reject).end('{}');
    });
  return async () => {
    for (let done = 0; done < CALLS_ADDED; done += 1) await call();
  };
}

await main();
