import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { UsageError } from './usage-error.ts';

/** What `npm start` writes to `stack.json` in its state folder, as far as commands need it. */
const stackSchema = z.object({
  url: z.url(),
  /** The same over TLS, and the CA that signed its certificate. */
  secureUrl: z.url().optional(),
  caFile: z.string().optional(),
  pid: z.int().positive(),
  /** What a process needs to reach its AWS services. */
  environment: z.record(z.string(), z.string()).default({}),
});

export interface StackAddress {
  readonly url: string;
  readonly secureUrl?: string | undefined;
  readonly caFile?: string | undefined;
  /** The state folder that the stack runs on. */
  readonly state: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** `--state`, else COUNTERSIGN_STATE, else `.countersign` of the project, as `npm start` chooses it. */
export function stateFolder(option: string | undefined): string {
  const chosen = option ?? process.env['COUNTERSIGN_STATE'];
  return chosen === undefined || chosen === ''
    ? join(import.meta.dirname, '..', '..', '.countersign')
    : resolve(chosen);
}

/** Finds the stack that runs on a state folder. A file left by one that was killed does not count. */
export function runningStack(option: string | undefined): StackAddress {
  const state = stateFolder(option);
  const stack = stackSchema.safeParse(readJson(join(state, 'stack.json')));
  if (!stack.success || !isAlive(stack.data.pid)) {
    throw new UsageError(
      `No stack is running on ${state}. Start one with: npm start (or name its folder with --state DIR).`,
    );
  }
  const { url, secureUrl, caFile, environment } = stack.data;
  return { url, secureUrl, caFile, state, environment };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
