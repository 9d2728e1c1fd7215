import { synthesised } from './step-functions.ts';
import type { Definition } from '../../infra/local/workflow/definition.ts';
import { perform, type Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * `npm run test:faults`: every scenario with many seeds, at least 1,000. `SEEDS=200` for fewer, `SCENARIO=race` for those
 * whose name holds that, `SEED=17 SCENARIO=…` to tell one run again with its history.
 */
const DEFAULT_SEEDS = 1_000;
/** Failing seeds that are told whole, a scenario. */
const SHOWN = 1;

async function main(): Promise<boolean> {
  const { SEED, SCENARIO = '', SEEDS = String(DEFAULT_SEEDS) } = process.env;
  const all = Array.from({ length: Number(SEEDS) }, (_none, index) => index + 1);
  const definition = synthesised();
  let sound = true;
  for (const scenario of SCENARIOS.filter(({ name }) => name.includes(SCENARIO)))
    sound = (await many(scenario, SEED === undefined ? all : [Number(SEED)], definition, SEED !== undefined)) && sound;
  return sound;
}

async function many(
  scenario: Scenario,
  seeds: readonly number[],
  definition: Definition,
  whole: boolean,
): Promise<boolean> {
  const began = performance.now();
  const failing: number[] = [];
  const reached = new Map<string, number>();
  const total = { calls: 0, stale: 0 };
  for (const seed of seeds) {
    const told = await perform(scenario, seed, definition);
    for (const status of told.statuses) reached.set(status, (reached.get(status) ?? 0) + 1);
    total.calls += told.calls;
    total.stale += told.stale;
    if (told.broken.length > 0) failing.push(seed);
    if (whole || (told.broken.length > 0 && failing.length <= SHOWN)) show(scenario.name, seed, told);
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const ends = [...reached].sort().map(([status, count]) => `${status} ${String(count)}`);
  console.log(
    `${failing.length === 0 ? '✓' : '✗'} ${scenario.name}: ${String(seeds.length)} seeds, ${String(failing.length)} broken, ${seconds} s; ` +
      `target called ${String(total.calls)} times; messages left open ${String(total.stale)}; ${ends.join(', ')}`,
  );
  if (failing.length > 0) console.log(`  failing seeds: ${failing.slice(0, 20).join(', ')}`);
  return failing.length === 0;
}

function show(name: string, seed: number, { broken, history }: Awaited<ReturnType<typeof perform>>): void {
  console.log(`\n── ${name}, seed ${String(seed)}\n${history.join('\n')}`);
  for (const one of broken) console.log(`‼ ${one}`);
  console.log(`Again: SEED=${String(seed)} SCENARIO='${name}' npm run test:faults\n`);
}

process.exitCode = (await main()) ? 0 : 1;
