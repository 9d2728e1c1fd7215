import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { runningStack } from '../../infra/cli/running-stack.ts';
import { bundleFunction } from '../../infra/constructs/bundle-function.ts';
import { projectRoot } from '../../infra/constructs/bundling.ts';
import { functions } from '../../infra/functions.ts';

/**
 * `npm run bench:memory`, beside a running `npm start` (COUNTERSIGN_STATE names its folder): the bundle of a function in a process of
 * its own, against the embedded endpoints, with the largest answer that the Data API gives, ten times; prints the peak of the process.
 */
const stack = runningStack(undefined);
const token = execFileSync(
  process.execPath,
  ['infra/cli/countersign.mjs', 'token', 'ci-agent', '--state', stack.state],
  {
    cwd: projectRoot,
    encoding: 'utf8',
  },
).trim();

/** 1,000 rows, the most that the demo's limits let through, of some 900 bytes: just below the Data API's 1 MiB. */
const COLUMNS = Array.from({ length: 60 }, (_, nth) => `c.name AS n${String(nth)}`).join(', ');
const LARGEST = `SELECT c.email, ${COLUMNS} FROM orders a JOIN orders b ON a.status = b.status JOIN customers c ON c.id = a.customer_id LIMIT 1000`;

const CASES = [
  { name: 'execute', route: 'POST /v1/execute', body: { connection: 'orders', statement: LARGEST } },
  { name: 'check', route: 'POST /v1/check', body: { connection: 'orders', statement: LARGEST } },
  { name: 'sessions', route: 'GET /v1/sessions', body: undefined },
] as const;

const RUN = `
const { handler } = await import(process.argv[1]);
const events = JSON.parse(process.argv[2]);
const answers = [];
for (const event of events) { const { statusCode, body } = await handler(event); answers.push([statusCode, body.length]); }
process.stdout.write('\\n' + JSON.stringify({ answers, peakMb: process.resourceUsage().maxRSS / 1024 }));
process.exit(0);`;

const saidSchema = z.object({ answers: z.array(z.tuple([z.int(), z.int()])), peakMb: z.number() });

const scratch = mkdtempSync(join(tmpdir(), 'countersign-memory-'));
console.log('function   given MB  peak MB  answers');
for (const { name, route, body } of CASES) {
  const folder = join(scratch, name);
  bundleFunction(projectRoot, join(projectRoot, 'functions', name, 'index.ts'), folder);
  const [method = '', rawPath = ''] = route.split(' ');
  const event = {
    version: '2.0',
    rawPath,
    rawQueryString: '',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    requestContext: { routeKey: route, requestId: 'bench', http: { method, path: rawPath, sourceIp: '127.0.0.1' } },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const url = pathToFileURL(join(folder, 'index.mjs')).href;
  const events = JSON.stringify(Array.from({ length: 10 }, () => event));
  const said = execFileSync(process.execPath, ['--enable-source-maps', '--input-type=module', '-e', RUN, url, events], {
    env: { ...stack.environment, PATH: '' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  // The lines before the last are the function's log.
  const { answers, peakMb } = saidSchema.parse(JSON.parse(said.split('\n').at(-1) ?? ''));
  if (answers.some(([status]) => status !== 200)) process.exitCode = 1;
  const told = answers.map(([status, bytes]) => `${String(status)} with ${String(bytes)} bytes`);
  console.log(
    [
      name.padEnd(9),
      String(functions[name].memoryMb).padStart(9),
      peakMb.toFixed(0).padStart(8),
      ` ${[...new Set(told)].join(', ')}`,
    ].join(' '),
  );
}
rmSync(scratch, { recursive: true });
