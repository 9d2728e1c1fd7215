import { byOtherMeans } from './by-other-means.ts';
import { runCorpora } from './corpora.ts';
import { startServer } from './database.ts';
import { typical } from './typical.ts';
import type { Measured } from './measure.ts';
import { runOwn } from './own.ts';
import { lineOf, table } from './report.ts';

/** At most this share of plain reads may be called anything else. */
const MAX_ALARMS = 0.01;

const [seedGiven, shareGiven] = process.argv.slice(2).map(Number);
const seed = seedGiven ?? Math.floor(Math.random() * 1_000_000);
const started = performance.now();
const server = await startServer();
try {
  console.log(`Reading of statements, against PostgreSQL with an oracle; own names and literals from seed ${seed}.\n`);
  const own = await runOwn(server, seed, shareGiven ?? 1);
  const public_ = await runCorpora(server, 1);
  console.log(table([...own, ...public_]));
  console.log(`\nOur own statements by other means:\n\n${byOtherMeans(own)}`);
  if (public_.length > 0) console.log(`\nThe public corpora by other means:\n\n${byOtherMeans(public_)}`);
  for (const suite of ['TPC-H', 'TPC-DS']) {
    // An optimiser's rewriting may use what PostgreSQL does not have: it refuses such a query just as we do.
    const queries = public_.filter((one) => one.case.class === suite);
    const known = queries.filter((one) => one.called === 'read' || one.outcome !== 'unanswerable');
    const reads = queries.filter((one) => one.called === 'read').length;
    if (queries.length > 0)
      console.log(
        `\n${suite}: ${reads} of ${known.length} queries are reads and nothing else; ${queries.length - known.length} more are not PostgreSQL's SQL`,
      );
  }
  console.log(`\n${await typical(server)}`);
  for (const kind of ['missed', 'broken', 'alarm'] as const) show(kind, [...own, ...public_]);
  const line = lineOf('all', [...own, ...public_]);
  const fine =
    line.missed === 0 &&
    own.every((one) => !['missed', 'alarm', 'broken'].includes(one.outcome)) &&
    line.alarms < line.reads * MAX_ALARMS;
  console.log(`\n${fine ? 'PASSED' : 'FAILED'} in ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  process.exitCode = fine ? 0 : 1;
} finally {
  await server.close();
}

function show(kind: Measured['outcome'], all: readonly Measured[]): void {
  const some = all.filter((one) => one.outcome === kind);
  if (some.length > 0) console.log(`\n${kind}: ${some.length}`);
  for (const one of some.slice(0, process.env['GUARD_SHOW'] === undefined ? 40 : 10_000))
    console.log(`  [${one.case.class}] ${one.case.sql.slice(0, 300)} | ${one.called} | ${one.why.slice(0, 200)}`);
}
