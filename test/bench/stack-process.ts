import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

const factsSchema = z.looseObject({ url: z.string(), environment: z.record(z.string(), z.string()) });

export interface StackProcess {
  readonly url: string;
  /** What the functions have in their environment: endpoints, table, buckets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stateDir: string;
  stop(): Promise<void>;
}

/** The embedded stack in a process of its own, so that what is measured shares no event loop with what serves it. */
export async function startStackProcess(): Promise<StackProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const stateDir = join(folder, 'state');
  // One agent asks thousands of times a minute here, which is what the default limit is there to end.
  const config = join(folder, 'config');
  cpSync('config', config, { recursive: true });
  appendFileSync(join(config, 'gateway.yaml'), '\nlimits: { agent: { requestsPerMinute: 100000 } }\n');
  const child = spawn(process.execPath, ['infra/local/start.ts'], {
    env: { ...process.env, PORT: '0', COUNTERSIGN_STATE: stateDir, COUNTERSIGN_CONFIG: config },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) =>
    child.on('exit', () => {
      resolve();
    }),
  );
  const facts = join(stateDir, 'stack.json');
  for (let waited = 0; !existsSync(facts); waited += 100) {
    if (waited > 60_000 || child.exitCode !== null) throw new Error('the stack did not come up');
    await sleep(100);
  }
  const { url, environment } = factsSchema.parse(JSON.parse(readFileSync(facts, 'utf8')));
  return {
    url,
    environment,
    stateDir,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes this process one of the stack's functions, before their modules are imported: one that logs and counts nothing. */
export function joinStack({ environment }: StackProcess): void {
  const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  Object.assign(process.env, environment, quiet);
}
