import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { StartFailure } from './start-failure.ts';

const lockSchema = z.object({ pid: z.int().positive(), born: z.string() });

/** Folders this very process has locked: its own pid in a lock file is otherwise a leftover of a process that had the number before. */
const held = new Set<string>();

export type Lock = { release(): void };

/** One stack a state folder. A lock whose process is gone is taken over. */
export function takeLock(folder: string): Lock {
  const path = join(folder, 'lock');
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (create(path)) return holding(path);
    const owner = liveOwner(path);
    if (owner !== undefined) {
      throw new StartFailure(
        `Another copy (process ${owner}) uses the state in ${folder}. Stop it, or name a state folder of its own with COUNTERSIGN_STATE=DIR.`,
      );
    }
    rmSync(path, { force: true });
  }
  throw new StartFailure(`${path} cannot be taken: other copies keep starting. Start one copy at a time.`);
}

/** Creates the file exclusively, so that of two copies starting at once exactly one wins. */
function create(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, JSON.stringify({ pid: process.pid, born: bornAt(process.pid) }));
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function liveOwner(path: string): number | undefined {
  const lock = lockSchema.safeParse(parse(path));
  if (!lock.success) return undefined;
  const { pid, born } = lock.data;
  if (pid === process.pid) return held.has(path) ? pid : undefined;
  if (!isAlive(pid)) return undefined;
  return born === bornAt(pid) ? pid : undefined;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Start time of a process in clock ticks (proc(5), field 22): tells a reused number apart. Empty where there is no /proc. */
function bornAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Let go of when asked, or with the process: a stop that takes too long ends before whatever would ask for it. */
function holding(path: string): Lock {
  const release = (): void => {
    process.off('exit', release);
    if (held.delete(path)) rmSync(path, { force: true });
  };
  held.add(path);
  process.on('exit', release);
  return { release };
}
