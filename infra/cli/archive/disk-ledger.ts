import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Ledger } from '../../../shared/gateway/record/verify/ledger.ts';

const lineSchema = z.tuple([z.string(), z.string(), z.int(), z.boolean(), z.string().nullable()]);

/** A ledger in a temporary folder: one file a folder of the archive, one line an object. `close` removes it. */
export async function createDiskLedger(): Promise<Ledger & { close(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'countersign-verify-'));
  const open = new Set<string>();
  const fileOf = (folder: string): string => join(root, createHash('sha256').update(folder).digest('hex'));
  return {
    add: async (folder, entries) => {
      open.add(folder);
      const lines = entries.map(({ key, sha256, bytes, inRange, by }) =>
        JSON.stringify([key, sha256, bytes, inRange, by ?? null]),
      );
      await appendFile(fileOf(folder), `${lines.join('\n')}\n`);
    },
    take: async (folder) => {
      if (!open.delete(folder)) return [];
      const text = await readFile(fileOf(folder), 'utf8');
      await rm(fileOf(folder));
      return text
        .trimEnd()
        .split('\n')
        .map((line) => {
          const [key, sha256, bytes, inRange, by] = lineSchema.parse(JSON.parse(line));
          return { key, sha256, bytes, inRange, ...(by === null ? {} : { by }) };
        });
    },
    left: () => [...open],
    close: () => rm(root, { recursive: true, force: true }),
  };
}
