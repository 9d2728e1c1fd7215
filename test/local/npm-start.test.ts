import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';

const PROJECT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'countersign-npm-start-'));
// Open to the user that PostgreSQL runs as when this runs as root, so that its data stays inside.
chmodSync(folder, 0o755);
const leftOver: number[] = [];

afterEach(() => {
  for (const pid of leftOver.splice(0)) if (runs(pid)) process.kill(pid, 'SIGKILL');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** The process of the stack and that of its PostgreSQL. */
function processesOf(state: string): number[] {
  const stack = JSON.parse(readFileSync(join(state, 'stack.json'), 'utf8')) as { pid: number };
  return [stack.pid, Number(readFileSync(join(state, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0])];
}

// What a script, a container or a supervisor does: it knows the process it began, which is npm, and signals that alone.
test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  '%s to npm alone, without the rest of its group, stops the whole stack',
  { timeout: 120_000 },
  async (signal) => {
    const state = join(folder, signal);
    const npm = spawn('npm', ['start'], {
      cwd: PROJECT,
      env: { ...process.env, PORT: '0', COUNTERSIGN_STATE: state },
      stdio: 'ignore',
      detached: true,
    });
    const pid = npm.pid ?? 0;
    leftOver.push(pid);
    expect(await until(() => existsSync(join(state, 'stack.json')))).toBe(true);
    const processes = processesOf(state);
    leftOver.push(...processes);
    expect(processes.every(runs)).toBe(true);
    process.kill(pid, signal);
    expect(await until(() => !processes.some(runs) && !existsSync(join(state, 'lock')))).toBe(true);
  },
);
