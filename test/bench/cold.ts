import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFunction } from '../../infra/constructs/bundle-function.ts';
import { projectRoot } from '../../infra/constructs/bundling.ts';
import { functions } from '../../infra/functions.ts';
import { weigh } from '../support/bundle-weight.ts';
import { SETTINGS } from '../support/function-settings.ts';

/**
 * `npm run bench:cold`: what each function's bundle weighs, and what its cold start costs on this machine: a new process
 * that loads it and does all that stands at its top level, as Lambda's init phase does. Goals: 2 MB of archive, 250 ms.
 */
const GOAL = { archiveBytes: 2_000_000, initMs: 250 };
const RUNS = Number(process.env['RUNS'] ?? 7);

const MEASURE = `
const began = performance.now(); const cpu = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ ms: performance.now() - began, cpuMs: (user + system) / 1000, rssMb: process.memoryUsage().rss / 1048576 }));
process.exit(0);`;

interface Start {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

const start = (folder: string): Start =>
  JSON.parse(
    execFileSync(
      process.execPath,
      ['--input-type=module', '--enable-source-maps', '-e', MEASURE, pathToFileURL(join(folder, 'index.mjs')).href],
      { env: SETTINGS, encoding: 'utf8' },
    ),
  ) as Start;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const scratch = mkdtempSync(join(tmpdir(), 'countersign-cold-'));
const mb = (bytes: number): string => (bytes / 1_000_000).toFixed(2);
let missed = 0;
console.log('function             code MB  WASM MB archive MB  init ms (min–max)    CPU ms  RSS MB');
for (const name of Object.keys(functions)) {
  const folder = join(scratch, name);
  bundleFunction(projectRoot, join(projectRoot, 'functions', name, 'index.ts'), folder);
  const { code, engines, archive } = weigh(folder);
  const starts = Array.from({ length: RUNS }, () => start(folder));
  const times = starts.map(({ ms }) => ms);
  const init = median(times);
  const over = archive > GOAL.archiveBytes || init > GOAL.initMs;
  if (over) missed += 1;
  const range = `${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)}`;
  console.log(
    [
      name.padEnd(19),
      mb(code).padStart(8),
      mb(engines).padStart(8),
      mb(archive).padStart(10),
      `${init.toFixed(0).padStart(7)} (${range})`.padEnd(21),
      median(starts.map(({ cpuMs }) => cpuMs))
        .toFixed(0)
        .padStart(6),
      median(starts.map(({ rssMb }) => rssMb))
        .toFixed(0)
        .padStart(7),
      over ? ' over the goal' : '',
    ].join(' '),
  );
}
rmSync(scratch, { recursive: true });
console.log(
  `\nGoals: ${mb(GOAL.archiveBytes)} MB of archive, ${String(GOAL.initMs)} ms; median of ${String(RUNS)} starts. Missed by ${String(missed)}.`,
);
