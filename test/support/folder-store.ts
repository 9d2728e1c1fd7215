import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFolderReader } from '../../infra/cli/archive/folder-reader.ts';
import type { ObjectStore } from '../../shared/gateway/ports/object-store.ts';
import { ok } from '../../shared/platform/result.ts';

/** A folder to generate an archive into, as `aws s3 sync` would have left it. */
export function createFolderStore(root: string): ObjectStore {
  return {
    ...createFolderReader(root),
    create: async (key, bytes) => {
      const path = join(root, ...key.split('/'));
      await mkdir(dirname(path), { recursive: true });
      try {
        await writeFile(path, bytes, { flag: 'wx' });
        return ok('created');
      } catch {
        return ok('already');
      }
    },
  };
}
