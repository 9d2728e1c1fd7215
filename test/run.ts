import { spawn } from 'node:child_process';

/** What `npm test` runs, in the order in which a person wants to hear of it. Vitest comes last: its summary closes. */
const CHECKS: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['tsc', '-p', '.']],
  ['format', ['prettier', '--check', '--log-level=warn', '.']],
  ['lint', ['oxlint', '--deny-warnings', '--report-unused-disable-directives', '.']],
];

interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Runs a command of node_modules/.bin, which the launcher has put first in PATH. Output is shown only if it fails. */
function quietly([command = '', ...rest]: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', (error) => {
      resolve({ code: 1, output: error.message });
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output: Buffer.concat(output).toString('utf8') });
    });
  });
}

async function check([name, command]: (typeof CHECKS)[number]): Promise<boolean> {
  const started = performance.now();
  const { code, output } = await quietly(command);
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
  if (code !== 0) console.log(output);
  return code === 0;
}

function vitest(filters: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    spawn('vitest', ['run', ...filters], { stdio: 'inherit' }).on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

const filters = process.argv.slice(2);
const passed = await Promise.all(CHECKS.map(check));
const tested = await vitest(filters);
process.exitCode = passed.every(Boolean) ? tested : 1;
