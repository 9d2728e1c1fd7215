import type pg from 'pg';
import { expect, test } from 'vitest';
import { runSeed } from '../../infra/local/services/postgres/run-seed.ts';
import { startPostgres } from '../../infra/local/services/postgres/cluster.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('a seed with a fault is refused with its file, the place in it and what PostgreSQL says', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'countersign-seed-'));
  const cluster = await startPostgres({ stateDir });
  const owner: pg.Client = await cluster.connectAsRoot('postgres');
  const seeding = (sql: string) =>
    runSeed(owner, {
      connection: 'shop',
      extensions: [],
      sql: ['SELECT 1;', sql],
      files: ['local/a.sql', 'local/b.sql'],
    });
  try {
    await expect(seeding('SELECT 1;\n-- 🛒\nSELECT * FROM missing;')).rejects.toThrow(
      'local/b.sql:3:15 relation "missing" does not exist',
    );
    await expect(seeding("SELECT '🛒', oops")).rejects.toThrow('local/b.sql:1:13 column "oops" does not exist');
    await expect(seeding('CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1), (1);')).rejects.toThrow(
      'local/b.sql duplicate key value violates unique constraint "a_pkey" (Key (id)=(1) already exists.)',
    );
  } finally {
    await owner.end();
    await cluster.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
