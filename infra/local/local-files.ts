import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Files of the `local/` part of a configuration folder. */

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A file that `file` names by a path below `folder`; what leads out of it would let a configuration read the rest of the disk. */
export function readBelow(folder: string, path: string, file: string, maxBytes: number): string {
  const full = join(folder, path);
  const found = lstatSync(full, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`${file}: ${path} does not exist`);
  if (!realpathSync(full).startsWith(realpathSync(folder) + sep))
    throw new Error(`${file}: ${path} leads out of the folder`);
  if (found.size > maxBytes) throw new Error(`${file}: ${path} is larger than ${maxBytes} bytes`);
  return readFileSync(full, 'utf8');
}
