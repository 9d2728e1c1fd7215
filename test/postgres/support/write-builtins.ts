import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { startServer } from '../../bench/guard/database.ts';
import { builtinsOf } from './builtins-of.ts';

// Writes shared/connectors/postgres/catalogue/builtin-functions.json anew from the PostgreSQL that is installed:
//   node_modules/.bin/node test/postgres/support/write-builtins.ts
// Run it after a new PostgreSQL or a change of builtin-exceptions.ts, and read the difference line by line: every name
// that is added is one that statements may call without a permit.
const FILE = join(import.meta.dirname, '../../../shared/connectors/postgres/catalogue/builtin-functions.json');

const server = await startServer();
try {
  const client = await server.database('builtins');
  const builtins = await builtinsOf(
    async (sql) => (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows,
  );
  const options = await prettier.resolveConfig(FILE);
  writeFileSync(FILE, await prettier.format(JSON.stringify(builtins), { ...options, filepath: FILE }));
  console.log(`${builtins.vouched.length} names vouched for, from ${builtins.source}`);
} finally {
  await server.close();
}
