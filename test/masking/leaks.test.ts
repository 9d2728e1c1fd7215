import { afterAll, beforeAll, expect, it } from 'vitest';
import { allCases } from '../bench/mask/cases.ts';
import { startGateway, type Gateway } from '../bench/mask/gateway.ts';
import { measure, type Measured } from '../bench/mask/measure.ts';
import { table, wrong } from '../bench/mask/report.ts';

// The short form of `npm run bench:mask`: a part of its cases, another one each day, in front of a real PostgreSQL.
const PARTS = 6;
const part = new Date().getUTCDate() % PARTS;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.close();
});

it(
  'shows nothing of classified values in any answer, error, order, number or record, and leaves the rest as it is',
  { timeout: 120_000 },
  async () => {
    const all: Measured[] = [];
    for (const one of allCases().filter((_, index) => index % PARTS === part)) all.push(await measure(one, gateway));
    expect(wrong(all)).toEqual([]);
    expect(all.filter(({ outcome }) => outcome === 'broken')).toEqual([]);
    expect(all.length).toBeGreaterThan(100);
    console.log(table(all));
  },
);
