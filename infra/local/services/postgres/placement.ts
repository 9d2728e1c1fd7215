import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from './binaries.ts';

/** Who runs the server and where its two folders are. */
export interface Placement {
  /** Absent: as whoever runs us. */
  readonly runAs?: { readonly uid: number; readonly gid: number };
  readonly binaries: PostgresBinaries;
  /** The cluster's data folder; made by initdb. */
  readonly dataDir: string;
}

/**
 * PostgreSQL refuses to run as root, so as root it runs as `postgres` or `nobody`, users that the system has already:
 * a development tool creates none. Such a user may not be able to enter a checkout under /root, or a state folder that
 * is ours alone; what it cannot enter (the binaries are 60 MB) lives under /var/tmp, which survives a reboot, in a folder that only root can have made.
 * `stateDir` is the folder of this service's state.
 */
export function placePostgres(stateDir: string, binaries: PostgresBinaries): Placement {
  const dataDir = join(stateDir, 'data');
  if (process.getuid?.() !== 0) return { binaries, dataDir };
  const runAs = unprivilegedUser();
  // Others may pass through, not look in: the data folder itself is 0700 and the server's own.
  mkdirSync(stateDir, { recursive: true, mode: 0o711 });
  const outside = join('/var/tmp', `countersign-${createHash('sha256').update(stateDir).digest('hex').slice(0, 16)}`);
  const own = canEnter(runAs, stateDir) ? dataDir : join(rootsOwnDir(outside), 'data');
  const placed = canEnter(runAs, join(binaries.root, 'bin')) ? binaries : copyBinaries(binaries, rootsOwnDir(outside));
  return { runAs, binaries: placed, dataDir: ownedDir(own, runAs) };
}

/** One copy a version; copied beside and renamed, so that a copy cut short is never taken for a whole one. */
function copyBinaries(binaries: PostgresBinaries, outside: string): PostgresBinaries {
  const version = createHash('sha256')
    .update(readFileSync(join(binaries.root, '..', 'package.json')))
    .digest('hex');
  const root = join(outside, `native-${version.slice(0, 16)}`);
  if (existsSync(root)) return { root };
  const beside = `${root}.${process.pid}`;
  cpSync(binaries.root, beside, { recursive: true, verbatimSymlinks: true });
  renameSync(beside, root);
  return { root };
}

/** Throws the data folder away, wherever it is, with what it holds. */
export function emptyDataDir({ dataDir, runAs }: Placement): void {
  rmSync(dataDir, { recursive: true, force: true });
  if (runAs !== undefined) ownedDir(dataDir, runAs);
}

function unprivilegedUser(): { readonly uid: number; readonly gid: number } {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim());
    if (uid !== undefined && gid !== undefined && /^[1-9]\d*$/.test(uid)) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as. Start as another user.',
  );
}

/** Asked of the kernel rather than worked out from mode bits, which say nothing of ACLs or mounts. */
function canEnter(user: { readonly uid: number; readonly gid: number }, folder: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], {
      ...user,
      cwd: '/',
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

function ownedDir(path: string, user: { readonly uid: number; readonly gid: number }): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chownSync(path, user.uid, user.gid);
  return path;
}

/** Anybody may write to /var/tmp: a folder that somebody else laid there first must not be run from. */
function rootsOwnDir(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o711 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new Error(`PostgreSQL: ${path} exists and is not root's alone; remove it and start again.`);
  }
  return path;
}
