import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { PARTS, type Part } from './parts.ts';
import { asMarkdown, tablesIn } from './tables.ts';

/**
 * `npm run bench [-- --only latency,growth]`: every benchmark, one after the other, into `bench/REPORT.md` and
 * `bench/report.json`. Ends with an error when one that counts misses, leaks or calls does. `--only` prints and writes nothing.
 */
interface Told {
  readonly part: Part;
  readonly output: string;
  readonly seconds: number;
  readonly code: number;
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',');
const told: Told[] = [];
for (const part of PARTS) {
  if (wanted !== undefined && !wanted.some((name) => part.command.includes(`bench:${name}`))) continue;
  console.log(`${part.title} (${part.command}) …`);
  const one = await run(part);
  told.push(one);
  console.log(`${one.output}\n${one.code === 0 ? '✓' : '✗'} ${one.seconds.toFixed(0)} s\n`);
}
if (wanted === undefined) {
  mkdirSync('bench', { recursive: true });
  writeFileSync('bench/REPORT.md', report());
  writeFileSync('bench/report.json', `${JSON.stringify(facts(), null, 2)}\n`);
  console.log('Written: bench/REPORT.md, bench/report.json');
}
process.exitCode = told.some(({ part, code }) => code !== 0 && part.counts) ? 1 : 0;

function run(part: Part): Promise<Told> {
  const began = performance.now();
  const child = spawn(process.execPath, [part.script, ...part.args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const output = stripVTControlCharacters(Buffer.concat(chunks).toString('utf8')).trim();
      resolve({ part, output, seconds: (performance.now() - began) / 1_000, code: code ?? 1 });
    });
  });
}

function machine() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  return {
    date: new Date().toISOString().slice(0, 10),
    countersign: version,
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1_073_741_824),
    system: `${process.platform} ${process.arch}`,
  };
}

function facts() {
  return {
    machine: machine(),
    parts: told.map(({ part: { title, command, counts }, seconds, code, output }) => ({
      title,
      command,
      seconds: Math.round(seconds),
      ...(counts ? { passed: code === 0 } : {}),
      tables: tablesIn(output),
    })),
  };
}

function report(): string {
  const { date, countersign, node, processor, cores, memoryGb, system } = machine();
  const seconds = told.reduce((sum, one) => sum + one.seconds, 0);
  const sections = told.map(
    ({ part: { title, command, counts }, output, code }) =>
      `## ${title}\n\n\`${command}\`${counts ? (code === 0 ? ': passed' : ': FAILED') : ''}\n\n${asMarkdown(output)}\n`,
  );
  return [
    '# What Countersign costs, and what it catches\n',
    `Written by \`npm run bench\` on ${date}: Countersign ${countersign}, Node.js ${node}, ${cores} × ${processor}, ${memoryGb} GB, ${system}; it took ${(seconds / 60).toFixed(1)} minutes.`,
    'Everything runs on one machine, the embedded stack that stands for AWS among it: ratios say more than milliseconds. The same figures as data are in `report.json`.\n',
    ...sections,
  ].join('\n');
}
