import { join } from 'node:path';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { nameSchema } from '../../../../shared/contracts/config/connection.ts';
import { readBelow, readIfThere } from '../../local-files.ts';

/** A path below the file's own folder; `..` would let a configuration read the rest of the disk. */
const seedPath = z
  .string()
  .regex(
    /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\.sql$/,
    'a path to a .sql file below config/local/, with forward slashes',
  )
  .refine((path) => !path.split('/').includes('..'), 'a path without ".."');

/**
 * `local/databases.yaml` of a configuration folder: what the embedded PostgreSQL holds for each connection of kind
 * `postgres`. Read by the embedded stack alone. A connection that is not named here gets an empty database.
 */
export const databasesSchema = z.strictObject({
  databases: z
    .array(
      z.strictObject({
        connection: nameSchema,
        /** Run once, in this order and in one transaction, as the owner of the database. */
        seed: z.array(seedPath).max(50).default([]),
        /** Made by the superuser before the seed. */
        extensions: z
          .array(z.string().regex(/^[a-z0-9_-]+$/))
          .max(50)
          .default([]),
      }),
    )
    .max(1_000)
    .default([]),
});

export interface DatabaseSeed {
  readonly connection: string;
  readonly extensions: readonly string[];
  /** The seed files' text, in order. */
  readonly sql: readonly string[];
  /** Where each text stands, for messages. */
  readonly files: readonly string[];
}

/** A seed is a demo, not a dump; it is sent as one message. */
const MAX_SEED_BYTES = 64 * 1_048_576;

/**
 * Reads the file and the SQL it names. No file: no seeds.
 * @throws with file, member and remedy when it is not right.
 */
export function readDatabasesFile(configDir: string): readonly DatabaseSeed[] {
  const folder = join(configDir, 'local');
  const file = join(folder, 'databases.yaml');
  const text = readIfThere(file);
  if (text === undefined) return [];
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  const syntax = document.errors[0];
  if (syntax !== undefined) throw new Error(`${file}: ${syntax.message}`);
  const parsed = databasesSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  const { databases } = parsed.data;
  if (new Set(databases.map((entry) => entry.connection)).size !== databases.length) {
    throw new Error(`${file}: a connection is named twice; join the two entries`);
  }
  return databases.map(({ connection, extensions, seed }) => ({
    connection,
    extensions,
    sql: seed.map((path) => readBelow(folder, path, file, MAX_SEED_BYTES)),
    files: seed.map((path) => join('local', path)),
  }));
}
