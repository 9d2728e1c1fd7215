import { Session, type Profiler } from 'node:inspector/promises';
import { agentToken, executeEvent } from './execute-event.ts';
import { table } from './numbers.ts';
import { startStackProcess } from './stack-process.ts';

const REQUESTS = 600;
const SAMPLE_MICROSECONDS = 200;
const SHOWN = 15;

/**
 * `npm run bench:profile`: where the processor's time goes in an allowed read of 100 rows, from a CPU profile of the
 * handler in this process: by what the code is for, and the functions that take most.
 */
async function main(): Promise<void> {
  const stack = await startStackProcess();
  try {
    const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
    Object.assign(process.env, stack.environment, quiet);
    const { handler } = await import('../../functions/execute/index.ts');
    const token = await agentToken(stack.stateDir);
    const ask = async (round: number): Promise<void> => {
      const sql = `SELECT id, order_id, brand, amount_cents FROM payments WHERE id <> ${round} ORDER BY id LIMIT 100`;
      const answer = await handler(executeEvent(token, sql));
      if (answer.statusCode !== 200) throw new Error(answer.body);
    };
    for (let warm = 0; warm < 200; warm += 1) await ask(warm);
    const profile = await profiled(async () => {
      for (let round = 0; round < REQUESTS; round += 1) await ask(10_000 + round);
    });
    tell(profile);
  } finally {
    await stack.stop();
  }
}

async function profiled(work: () => Promise<void>): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return profile;
}

/** What code is for, by where it lies; the first that fits counts. */
const PLACES: readonly (readonly [string, RegExp])[] = [
  ['authenticate', /shared\/identity|node_modules\/jose/],
  ['analyse', /shared\/connectors|libpg-query|pgsql-deparser/],
  ['decide', /shared\/policy|cedar-wasm/],
  ['mask', /shared\/masking|node_modules\/re2js/],
  [
    'record',
    /shared\/domain\/(chain|session|event)|shared\/platform\/canonical|canonicalize|shared\/contracts\/record|session-store/,
  ],
  [
    'read and answer the request',
    /functions\/|shared\/(contracts|gateway|platform|aws|config|domain)|node_modules\/zod/,
  ],
  ['AWS SDK', /node_modules\/(@aws-sdk|@smithy|@aws-lambda-powertools|@aws-crypto|fast-xml-parser|@aws)/],
];

const placeOf = ({ url, functionName }: Profiler.Profile['nodes'][number]['callFrame']): string => {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(idle)' || functionName === '(program)' || functionName === '(root)') return functionName;
  const place = PLACES.find(([, pattern]) => pattern.test(url))?.[0];
  return place ?? (url.startsWith('wasm:') ? 'analyse or decide (WASM)' : 'Node.js: HTTP, crypto, streams');
};

function tell({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const [places, functions] = [new Map<string, number>(), new Map<string, number>()];
  for (const [index, id] of samples.entries()) {
    const node = byId.get(id);
    if (node === undefined) continue;
    const took = timeDeltas[index] ?? 0;
    const place = placeOf(node.callFrame);
    if (place === '(idle)' || place === '(root)') continue;
    places.set(place, (places.get(place) ?? 0) + took);
    const { functionName, url, lineNumber } = node.callFrame;
    const file = url.split(/node_modules\/|\/(?=shared\/|functions\/)/).at(-1) ?? '';
    const name = `${functionName === '' ? '(anonymous)' : functionName} ${file === '' ? '' : `${file}:${lineNumber + 1}`}`;
    functions.set(name, (functions.get(name) ?? 0) + took);
  }
  const whole = [...places.values()].reduce((sum, one) => sum + one, 0);
  const line = ([name, took]: readonly [string, number]): string[] => [
    name,
    `${(took / 1_000 / REQUESTS).toFixed(3)} ms`,
    `${((100 * took) / whole).toFixed(1)} %`,
  ];
  const sorted = (of: Map<string, number>) => [...of].sort(([, left], [, right]) => right - left);
  console.log(`A read of 100 rows takes ${(whole / 1_000 / REQUESTS).toFixed(2)} ms of the processor.\n`);
  console.log(table(['for', 'a request', 'share'], sorted(places).map(line)));
  console.log(`\n${table(['function', 'a request', 'share'], sorted(functions).slice(0, SHOWN).map(line))}`);
}

await main();
