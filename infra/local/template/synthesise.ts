import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailure } from '../start-failure.ts';
import { templateSchema } from './template.ts';
import type { Template } from './template.ts';

/** CDK takes 3 to 8 s; a minute means that it hangs. */
const SYNTH_MS = 60_000;
/** Templates kept: some configuration folders in turn, and what tests make. */
const KEPT = 12;
const TEMPLATE = 'Countersign.template.json';

/**
 * The template of the CDK app for a configuration folder. Synthesised once a state of the sources: whatever the app
 * reads is in the digest, so a template can be missing from the cache but never be stale.
 */
export async function synthesise(project: string, configuration: string): Promise<Template> {
  const cache = join(project, 'node_modules', '.cache', 'countersign', 'templates');
  const cached = join(cache, `${digestOfSources(project, configuration)}.json`);
  if (!existsSync(cached)) {
    mkdirSync(cache, { recursive: true });
    const output = mkdtempSync(join(cache, 'synth-'));
    try {
      await runApp(project, configuration, output);
      renameSync(join(output, TEMPLATE), cached);
    } finally {
      rmSync(output, { recursive: true, force: true });
    }
    forgetOldest(cache);
  }
  return templateSchema.parse(JSON.parse(readFileSync(cached, 'utf8')));
}

/** Without bundling: the functions run from their sources here. */
async function runApp(project: string, configuration: string, output: string): Promise<void> {
  const context = JSON.stringify({ 'aws:cdk:bundling-stacks': [], config: configuration });
  const app = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(project, 'infra', 'app.ts')], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CDK_OUTDIR: output, CDK_CONTEXT_JSON: context },
    timeout: SYNTH_MS,
  });
  const said: Buffer[] = [];
  app.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  app.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    app.once('error', reject);
    app.once('close', resolve);
  });
  if (code === 0 && existsSync(join(output, TEMPLATE))) return;
  throw new StartFailure(
    `synthesising the stack failed (exit code ${code ?? 'none, it was stopped'}):\n${Buffer.concat(said).toString()}`,
  );
}

function digestOfSources(project: string, configuration: string): string {
  const hash = createHash('sha256').update(configuration);
  const skipped = new Set([join(project, 'infra', 'local'), join(project, 'infra', 'cli')]);
  for (const root of [join(project, 'infra'), join(project, 'shared'), configuration]) {
    for (const file of filesUnder(root, skipped)) hash.update(`\0${file}\0`).update(readFileSync(file));
  }
  for (const name of readdirSync(join(project, 'functions')).sort()) hash.update(`\0${name}`);
  return hash
    .update(readFileSync(join(project, 'package-lock.json')))
    .digest('hex')
    .slice(0, 40);
}

function filesUnder(root: string, skipped: ReadonlySet<string>): string[] {
  if (skipped.has(root) || !existsSync(root)) return [];
  const entries = readdirSync(root, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(root, entry.name);
    if (entry.isDirectory()) return filesUnder(path, skipped);
    return entry.isFile() ? [path] : [];
  });
}

function forgetOldest(cache: string): void {
  const templates = readdirSync(cache).filter((name) => name.endsWith('.json'));
  const byAge = templates
    .map((name) => ({ name, age: statSync(join(cache, name)).mtimeMs }))
    .sort((left, right) => right.age - left.age);
  for (const { name } of byAge.slice(KEPT)) rmSync(join(cache, name), { force: true });
}
