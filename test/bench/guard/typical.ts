import { catalogueOf, type Server } from './database.ts';
import { analyze } from '../../../shared/connectors/postgres/understanding.ts';

const ROUNDS = 400;

/** Analysis with a warm catalogue, the text new each time so that no cache answers: a typical statement, and 24 KB. */
export async function typical(server: Server): Promise<string> {
  const client = await server.database('typical');
  await client.query('CREATE TABLE customers (id int, name text, email text, city text)');
  await client.query('CREATE TABLE orders (id int, customer_id int, total numeric, at date)');
  const catalogue = await catalogueOf(client);
  const time = async (text: (round: number) => string): Promise<string> => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = performance.now();
      const analysis = await analyze({ text: text(round) }, catalogue);
      if (!analysis.ok || analysis.value.effects.some((effect) => effect.group !== 'read')) throw new Error('not read');
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.floor(ROUNDS * share)] ?? 0).toFixed(3);
    // On a machine that is busy with other work, only the quicker rounds tell of ours.
    return `p10 ${at(0.1)} ms, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
  };
  const one = await time(
    (round) =>
      `SELECT c.name, c.city, sum(o.total) AS spent FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.at >= '2026-01-01' AND c.id = ${round} GROUP BY 1, 2 ORDER BY spent DESC LIMIT 10`,
  );
  const large = await time(
    (round) =>
      `SELECT id FROM customers WHERE id IN (${Array.from({ length: 4_000 }, (_, i) => 10_000 + i + round).join(',')})`,
  );
  return `Analysis of a typical statement: ${one}\nAnalysis of an IN-list of 24 KB:  ${large}`;
}
