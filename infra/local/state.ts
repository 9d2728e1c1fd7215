import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartFailure } from './start-failure.ts';

/** Lies in every state folder. `--fresh` wipes nothing that lacks it, so a mistyped folder is never emptied. */
const MARKER = 'made-by-countersign';

export type StateFolder = { readonly path: string; folder(name: string): string };

/** Opens (or makes) the folder in which the embedded stack keeps what must survive a restart. */
export function openState(path: string): StateFolder {
  const root = resolve(path);
  const foreign = existsSync(root) && readdirSync(root).length > 0 && !existsSync(join(root, MARKER));
  if (foreign) {
    throw new StartFailure(
      `${root} is not a state folder of Countersign (no ${MARKER} in it). Name an empty or a new folder.`,
    );
  }
  mkdirSync(root, { recursive: true, mode: 0o755 });
  writeFileSync(join(root, MARKER), 'State of the embedded stack. `npm start -- --fresh` empties this folder.\n');
  return { path: root, folder: (name) => made(join(root, name)) };
}

/** Empties the folder, keeping the marker and the lock that the caller holds. */
export function wipeState(state: StateFolder): void {
  for (const name of readdirSync(state.path)) {
    if (name !== MARKER && name !== 'lock') rmSync(join(state.path, name), { recursive: true, force: true });
  }
}

/** Written whole or not at all: a reader, or a restart after `kill -9`, never sees half a file. */
export function writeAtomically(path: string, text: string, mode = 0o600): void {
  made(dirname(path));
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, text, { mode });
  renameSync(partial, path);
}

export function readIfPresent(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function made(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
