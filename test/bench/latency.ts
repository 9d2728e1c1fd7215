import { ExecuteStatementCommand } from '@aws-sdk/client-rds-data';
import { parseArgs } from 'node:util';
import { watchSpans, type SpanName } from '../../shared/platform/spans.ts';
import { CallCounter } from './calls.ts';
import { DELAYS_MS, delay } from './delays.ts';
import { agentToken, executeEvent } from './execute-event.ts';
import { quantile, table } from './numbers.ts';
import { joinStack, startStackProcess } from './stack-process.ts';
import { TARGET } from './target.ts';

/** Pairs of one read through the gateway and the same read direct, after as many again to warm up. */
const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '400' }, delayed: { type: 'boolean', default: false } },
});
const PAIRS = Number(values.pairs);
const WARM_UP = Math.min(100, PAIRS);

/**
 * `npm run bench:latency [-- --pairs 400] [--delayed]`: what the gateway adds to an allowed read. The handler of `execute`
 * runs in this process with its real SDK clients; the direct call is the same ExecuteStatement with the same client; the
 * two alternate, A B B A, so that both see the same machine. `--delayed` holds every call back as long as AWS may take.
 */
async function main(): Promise<void> {
  const stack = await startStackProcess();
  try {
    joinStack(stack);
    await measure(stack.stateDir);
  } finally {
    await stack.stop();
  }
}

async function measure(stateDir: string): Promise<void> {
  const { handler } = await import('../../functions/execute/index.ts');
  const { dynamoDocuments, rdsDataClient, s3Client, sfnClient } = await import('../../shared/aws/clients.ts');
  const clients = { dynamodb: dynamoDocuments(), 'rds-data': rdsDataClient(), s3: s3Client(), states: sfnClient() };
  const counter = new CallCounter();
  counter.watch('dynamodb', clients.dynamodb);
  counter.watch('rds-data', clients['rds-data']);
  counter.watch('s3', clients.s3);
  counter.watch('states', clients.states);
  if (values.delayed) {
    delay(clients.dynamodb, DELAYS_MS.dynamodb);
    delay(clients['rds-data'], DELAYS_MS['rds-data']);
    delay(clients.s3, DELAYS_MS.s3);
  }
  const token = await agentToken(stateDir);
  const lines: string[][] = [];
  const steps: string[][] = [];
  for (const rows of [1, 100, 1_000]) {
    const sql = `SELECT id, order_id, brand, amount_cents FROM payments ORDER BY id LIMIT ${rows}`;
    const through = () => handler(executeEvent(token, sql));
    const [seen, stop] = watched();
    const [gateway, alone] = await interleave(through, () =>
      rdsDataClient().send(new ExecuteStatementCommand({ ...TARGET, sql })),
    );
    stop();
    steps.push(stepFigures(rows, seen));
    counter.take();
    const answer = await through();
    if (answer.statusCode !== 200) throw new Error(answer.body);
    const count = counter.take();
    if (count.sequential > MAX_IN_A_ROW) process.exitCode = 1;
    lines.push(figures(rows, gateway, alone, count));
  }
  const held = `every call held back: DynamoDB ${DELAYS_MS.dynamodb} ms, Data API ${DELAYS_MS['rds-data']} ms, S3 ${DELAYS_MS.s3} ms`;
  console.log(`Added latency, ${values.delayed ? held : 'endpoints at zero delay'}; ${PAIRS} pairs.\n`);
  console.log(table(HEAD, lines));
  console.log(`\nMedians of the steps; record is intent and outcome, one after the other, with their calls:\n`);
  console.log(table(['rows', ...STEPS], steps));
}

const STEPS = ['authenticate', 'analyse', 'decide', 'record', 'target', 'mask'] as const satisfies SpanName[];

type Seen = Readonly<Record<SpanName, number[]>>;

/** Every step of every request from now on, until stopped. */
function watched(): [Seen, () => void] {
  const seen: Seen = { authenticate: [], analyse: [], decide: [], record: [], target: [], mask: [] };
  return [seen, watchSpans(({ name, ms }) => seen[name].push(ms))];
}

const stepFigures = (rows: number, seen: Seen): string[] => [
  String(rows),
  ...STEPS.map((step) => `${quantile(seen[step], 0.5).toFixed(3)} ms${step === 'record' ? ' each' : ''}`),
];

/** Intent, target, outcome: more calls that wait for one another would be a fault. */
const MAX_IN_A_ROW = 3;

const HEAD = [
  'rows',
  'direct p50',
  'gateway p50',
  'added p50',
  'added p95',
  'added p99',
  'ratio',
  'CPU added p50',
  'calls',
];

interface Times {
  readonly ms: number[];
  /** Of the whole process: also what collects garbage and compiles. */
  readonly cpuMs: number[];
}

function figures(rows: number, gateway: Times, alone: Times, count: ReturnType<CallCounter['take']>): string[] {
  const added = gateway.ms.map((ms, index) => ms - (alone.ms[index] ?? 0));
  const cpu = gateway.cpuMs.map((ms, index) => ms - (alone.cpuMs[index] ?? 0));
  const ms = (of: readonly number[], q: number): string => `${quantile(of, q).toFixed(2)} ms`;
  return [
    String(rows),
    ms(alone.ms, 0.5),
    ms(gateway.ms, 0.5),
    ...[0.5, 0.95, 0.99].map((q) => ms(added, q)),
    `${(quantile(gateway.ms, 0.5) / quantile(alone.ms, 0.5)).toFixed(2)}×`,
    ms(cpu, 0.5),
    `${count.sequential} in a row: ${count.calls.join(', ')}`,
  ];
}

async function interleave(left: () => Promise<unknown>, right: () => Promise<unknown>): Promise<[Times, Times]> {
  const times: [Times, Times] = [
    { ms: [], cpuMs: [] },
    { ms: [], cpuMs: [] },
  ];
  for (let pair = -WARM_UP; pair < PAIRS; pair += 1) {
    const order = pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) {
      const [started, cpu] = [performance.now(), process.cpuUsage()];
      await (side === 0 ? left() : right());
      if (pair < 0) continue;
      const { user, system } = process.cpuUsage(cpu);
      times[side].ms.push(performance.now() - started);
      times[side].cpuMs.push((user + system) / 1_000);
    }
  }
  return times;
}

await main();
