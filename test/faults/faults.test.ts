import { describe, expect, test } from 'vitest';
import { perform } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { synthesised } from './step-functions.ts';

/** A fixed few, in seconds; `npm run test:faults` runs a thousand of each. */
const SEEDS = Array.from({ length: 25 }, (_none, index) => index + 1);
const definition = synthesised();

describe.each(SCENARIOS)('$name', (scenario) => {
  test('breaks no promise, whatever the seed', async () => {
    const reached = new Set<string>();
    for (const seed of SEEDS) {
      const { broken, history, statuses } = await perform(scenario, seed, definition);
      const again = `SEED=${String(seed)} SCENARIO='${scenario.name}' npm run test:faults`;
      expect(broken, `${history.join('\n')}\nAgain: ${again}`).toEqual([]);
      for (const status of statuses) reached.add(status);
    }
    // It would hold of a gateway that never lets anything through, or of one that nothing ever happens to.
    expect([...reached]).toEqual(expect.arrayContaining([...scenario.reaches]));
  });
});

test('the same seed tells the same story, so a failure can be told again', async () => {
  const scenario = SCENARIOS.find(({ name }) => name === 'everything at once');
  expect(scenario).toBeDefined();
  if (scenario === undefined) return;
  for (const seed of [1, 2, 3]) {
    const [once, twice] = [await perform(scenario, seed, definition), await perform(scenario, seed, definition)];
    expect(twice.history).toEqual(once.history);
    expect(once.history.length).toBeGreaterThan(20);
  }
});
