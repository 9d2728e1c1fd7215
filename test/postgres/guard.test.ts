import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type Server } from '../bench/guard/database.ts';
import { runOwn } from '../bench/guard/own.ts';
import { table } from '../bench/guard/report.ts';

// The short form of `npm run bench:guard`: every class, a twentieth of the composed cases, without the corpora.
const seed = Math.floor(Math.random() * 1_000_000);

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.close();
});

it('calls nothing a read that acts on a real database, and no read anything else', { timeout: 120_000 }, async () => {
  const all = await runOwn(server, seed, 0.05);
  const wrong = all
    .filter((one) => ['missed', 'alarm', 'broken'].includes(one.outcome))
    .map((one) => `seed ${seed}: ${one.outcome}: ${one.case.sql} | ${one.called} | ${one.why}`);
  expect(wrong).toEqual([]);
  expect(all.length).toBeGreaterThan(400);
  console.log(table(all));
});
