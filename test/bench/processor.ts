import { ExecuteStatementCommand } from '@aws-sdk/client-rds-data';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { AtOnce } from './answered-at-once.ts';
import { agentToken, executeEvent } from './execute-event.ts';
import { quantile, table } from './numbers.ts';
import { joinStack, startStackProcess } from './stack-process.ts';
import { TARGET } from './target.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } });
const ROUNDS = Number(values.rounds);
const WARM_UP = 60;
/** At 100 rows, in milliseconds of the processor. */
const GOALS = { p50: 0.5, p99: 5 };
/** What an allowed read calls beside the target: count, intent, outcome, rows of the day. */
const CALLS_ADDED = 4;

/**
 * `npm run bench:cpu [-- --rounds 100]`: what an allowed read takes of the processor beyond the same read direct, and how
 * much of that is the gateway's own: a third kind of round has every call answered before the SDK begins. The kinds
 * take turns, two of each and the second measured, so that all see the same machine and all is warm. The last column is
 * what as many calls cost at the least, without SDK.
 */
async function main(): Promise<void> {
  const stack = await startStackProcess();
  try {
    joinStack(stack);
    const { handler } = await import('../../functions/execute/index.ts');
    const { dynamoDocuments, rdsDataClient, s3Client } = await import('../../shared/aws/clients.ts');
    const atOnce = new AtOnce();
    atOnce.watch(dynamoDocuments());
    atOnce.watch(rdsDataClient());
    atOnce.watch(s3Client());
    const token = await agentToken(stack.stateDir);
    const measured: Measured[] = [];
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
      const [whole = [], alone = [], ours = [], bare = []] = await takingTurns([
        through,
        direct,
        own,
        bareCalls(stack.environment),
      ]);
      measured.push({
        rows,
        whole,
        direct: alone,
        added: whole.map((ms, index) => ms - (alone[index] ?? 0)),
        own: ours,
        bare,
      });
    }
    console.log(table(HEAD, measured.map(figures)));
    console.log(
      `\n${measured
        .filter(({ rows }) => rows === 100)
        .map(verdict)
        .join('')}`,
    );
  } finally {
    await stack.stop();
  }
}

const HEAD = ['rows', 'whole p50', 'direct p50', 'added p50', 'added p99', 'own p50', 'own p99', 'bare HTTP p50'];

/** Milliseconds of the processor, a round each. */
interface Measured {
  readonly rows: number;
  readonly whole: readonly number[];
  readonly direct: readonly number[];
  readonly added: readonly number[];
  readonly own: readonly number[];
  readonly bare: readonly number[];
}

const cell = (of: readonly number[], q: number): string => `${quantile(of, q).toFixed(2)} ms`;

const figures = ({ rows, whole, direct, added, own, bare }: Measured): string[] => [
  String(rows),
  cell(whole, 0.5),
  cell(direct, 0.5),
  cell(added, 0.5),
  cell(added, 0.99),
  cell(own, 0.5),
  cell(own, 0.99),
  cell(bare, 0.5),
];

/** Goals are said to be met or not, and never fail: time belongs to the machine. */
function verdict({ added, own, bare }: Measured): string {
  const met = (of: readonly number[]): string =>
    `p50 ${quantile(of, 0.5) <= GOALS.p50 ? 'met' : 'not met'}, p99 ${quantile(of, 0.99) <= GOALS.p99 ? 'met' : 'not met'}`;
  return [
    `Goals at 100 rows, p50 ${GOALS.p50} ms and p99 ${GOALS.p99} ms: by all that is added, ${met(added)}; by the gateway's own, ${met(own)}.`,
    `The ${CALLS_ADDED} calls that record and count it take ${cell(bare, 0.5)} by Node's HTTP client alone, without signatures, SDK or TLS.`,
  ].join('\n');
}

/** Time of the processor in milliseconds, of every kind of work in every round: user and system, collecting garbage and compiling with it. */
async function takingTurns(kinds: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
  const times: number[][] = kinds.map(() => []);
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [index, work] of kinds.entries()) {
      // After one of its kind: as in a function that is asked one thing after the other, not after other code.
      await work();
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
