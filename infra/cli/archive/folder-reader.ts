import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectFacts, ObjectReader } from '../../../shared/gateway/ports/object-store.ts';
import type { StoreFault } from '../../../shared/gateway/ports/session-store.ts';
import { err, ok, type Result } from '../../../shared/platform/result.ts';

/** A copy of the archive on disk, as `aws s3 sync s3://bucket DIR` makes it: paths are keys. */
export function createFolderReader(root: string): ObjectReader {
  const at = (key: string): string => join(root, ...key.split('/'));
  return {
    list: (prefix, after = '') => walk(root, '', { prefix, after }),
    read: (key) => present(async () => new Uint8Array(await readFile(at(key)))),
    size: (key) => present(async () => (await stat(at(key))).size),
  };
}

interface Wanted {
  readonly prefix: string;
  readonly after: string;
}

/** Depth first, each folder in the order of keys, where a folder stands as its name and a slash. */
async function* walk(root: string, folder: string, wanted: Wanted): AsyncGenerator<Result<ObjectFacts, StoreFault>> {
  const entries = await inOrder(join(root, folder));
  if (!entries.ok) {
    yield entries;
    return;
  }
  for (const entry of entries.value) {
    const key = `${folder}${entry.name}`;
    if (entry.isDirectory()) {
      if (mayHold(`${key}/`, wanted)) yield* walk(root, `${key}/`, wanted);
    } else if (key.startsWith(wanted.prefix) && key > wanted.after) {
      // A link or a socket is no object; it is listed all the same, so that whoever checks finds it.
      const size = await present(async () => (await stat(join(root, key))).size);
      yield size.ok ? ok({ key, bytes: size.value ?? 0 }) : size;
    }
  }
}

const mayHold = (folder: string, { prefix, after }: Wanted): boolean =>
  (folder.startsWith(prefix) || prefix.startsWith(folder)) && (folder > after || after.startsWith(folder));

async function inOrder(path: string): Promise<Result<Dirent[], StoreFault>> {
  const entries = await present(() => readdir(path, { withFileTypes: true }));
  if (!entries.ok) return entries;
  if (entries.value === undefined) return fault(`there is no folder ${path}`);
  const keyOf = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);
  return ok(entries.value.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)));
}

/** `undefined` for what is not there; any other trouble is a fault. */
async function present<T>(work: () => Promise<T>): Promise<Result<T | undefined, StoreFault>> {
  try {
    return ok(await work());
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return ok(undefined);
    return fault(error instanceof Error ? error.message : 'unknown error');
  }
}

const fault = (message: string): { ok: false; error: StoreFault } => err({ code: 'record_unavailable', message });
