import { allCases } from './cases.ts';
import { startGateway } from './gateway.ts';
import { measure, type Measured } from './measure.ts';
import { table, wrong } from './report.ts';

const started = performance.now();
const gateway = await startGateway();
try {
  const all: Measured[] = [];
  for (const one of allCases()) all.push(await measure(one, gateway));
  console.log(table(all));
  for (const line of wrong(all)) console.log(line);
  for (const one of all.filter(({ outcome }) => outcome === 'broken'))
    console.log(`broken [${one.case.class}] ${one.case.sql} | ${one.why}`);
  console.log(`in ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  process.exitCode = wrong(all).length === 0 ? 0 : 1;
} finally {
  await gateway.close();
}
