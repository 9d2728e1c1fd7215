import { allCases, type Case } from './cases.ts';
import { composed } from './compose.ts';
import { measureDetectors } from './detectors/main.ts';
import { startGateway } from './gateway.ts';
import { measure, type Measured } from './measure.ts';
import { table, wrong } from './report.ts';

// Usage: npm run bench:mask -- [seed] [composed cases]
const [seedGiven, countGiven] = process.argv.slice(2).map(Number);
const seed = seedGiven ?? Math.floor(Math.random() * 1_000_000);
const started = performance.now();
// Rows that are written over fill another page of one world's table before the other's, and the planner's estimates then
// differ for what nobody classified: writes come last.
const isWrite = ({ sql }: Case): boolean => /\b(insert|update|delete|merge)\b/i.test(sql);
const [reads, writes] = [allCases().filter((one) => !isWrite(one)), allCases().filter(isWrite)];
const gateway = await startGateway();
try {
  const all: Measured[] = [];
  for (const one of reads) all.push(await measure(one, gateway));
  const made: Measured[] = [];
  for (const one of composed(seed, countGiven ?? 1_000)) made.push(await measure(one, gateway));
  for (const one of writes) all.push(await measure(one, gateway));
  console.log(`Cases by class, each in two worlds that differ in classified values alone:\n\n${table(all)}\n`);
  console.log(`Composed from seed ${String(seed)}:\n\n${table(made)}\n`);
  all.push(...made);
  for (const line of wrong(all)) console.log(line);
  for (const one of all.filter(({ outcome }) => outcome === 'broken'))
    console.log(`broken [${one.case.class}] ${one.case.sql} | ${one.why}`);
  for (const line of measureDetectors(seed)) console.log(line);
  console.log(`in ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  process.exitCode = wrong(all).length === 0 ? 0 : 1;
} finally {
  await gateway.close();
}
