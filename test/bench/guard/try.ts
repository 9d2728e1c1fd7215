import { startServer } from './database.ts';
import { runOwn } from './own.ts';
import { table } from './report.ts';
const server = await startServer();
try {
  const all = await runOwn(server, Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 1));
  console.log(table(all));
  for (const kind of ['missed', 'alarm', 'broken'] as const) {
    const some = all.filter((one) => one.outcome === kind);
    console.log(kind, some.length);
    for (const one of some.slice(0, 30)) console.log('  ', one.case.sql, '|', one.called, '|', one.why);
  }
} finally {
  await server.close();
}
