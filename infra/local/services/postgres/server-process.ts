import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Placement } from './placement.ts';

export interface ServerProcess {
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Fast shutdown (PostgreSQL, "Shutting Down the Server"): sessions are cut, the data is consistent. */
  stop(): Promise<void>;
}

/** Seconds for a fast shutdown, which writes a checkpoint; then the server is stopped at once and recovers next time. */
const STOP_SECONDS = 4;

/**
 * Keeps the server from outliving us. Its stdin is a pipe of ours: when that closes, because we asked or because we
 * were killed with -9, the server gets SIGINT, a fast shutdown. `wait` ends when the server ends by itself.
 */
const KEEPER = `exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(cat <&3 >/dev/null; kill -INT "$server") 2>/dev/null &
keeper=$!
exec 3<&-
wait "$server"
code=$?
kill "$keeper" 2>/dev/null
exit "$code"`;

const environment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' };

/** Starts `postgres` on the data folder, in a session of its own: Ctrl-C in a terminal reaches us and not the server. */
export function startServer(
  placement: Placement,
  settings: Readonly<Record<string, string>>,
  logFile: string,
): ServerProcess {
  const log = openSync(logFile, 'a', 0o600);
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      KEEPER,
      'countersign-postgres',
      join(placement.binaries.root, 'bin', 'postgres'),
      '-D',
      placement.dataDir,
      ...flags,
    ],
    { ...placement.runAs, cwd: '/', env: environment, detached: true, stdio: ['pipe', log, log] },
  );
  closeSync(log);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      over = true;
      child.stdin?.destroy();
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  // The pipe may break under us when the server goes first.
  child.stdin?.on('error', () => undefined);
  return { ended, hasEnded: () => over, stop: () => stop(child, ended, placement.dataDir) };
}

async function stop(child: ChildProcess, ended: Promise<void>, dataDir: string): Promise<void> {
  child.stdin?.end();
  const slow = new AbortController();
  const late = delay(STOP_SECONDS * 1_000, 'late' as const, { signal: slow.signal }).catch(() => undefined);
  if ((await Promise.race([ended, late])) === 'late') {
    signalPostmaster(dataDir, 'SIGQUIT');
    await ended;
  }
  slow.abort();
}

/** The first line of postmaster.pid is the server's process id. */
export function postmasterPid(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signalPostmaster(dataDir: string, signal: NodeJS.Signals): void {
  const pid = postmasterPid(dataDir);
  if (pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in the meantime, which is what was wanted.
  }
}
