import type pg from 'pg';
import { ownCases, shadowedCases, type Case } from './cases.ts';
import { catalogueOf, type Server } from './database.ts';
import { measure, type Measured } from './measure.ts';
import { Names, randomFrom } from './names.ts';
import { Oracle } from './oracle.ts';
import { SHADOWS, TRAPS } from './traps.ts';

/** Our own cases against a real database full of traps, and against one where everything is shadowed. */
export async function runOwn(server: Server, seed: number, share: number): Promise<Measured[]> {
  const random = randomFrom(seed);
  const names = new Names(random);
  const traps = await server.database('traps');
  await load(traps, TRAPS, names);
  const shadowNames = new Names(random);
  const shadows = await server.database('shadowed');
  await load(
    shadows,
    SHADOWS.map((sql) => sql.replace('{shadowed}', 'shadowed')),
    shadowNames,
  );
  await shadows.query('SET search_path = public, pg_catalog');
  return [
    ...(await judgeAll(traps, ownCases(names, random, share))),
    ...(await judgeAll(shadows, shadowedCases(shadowNames))),
  ];
}

async function load(client: pg.Client, templates: readonly string[], names: Names): Promise<void> {
  for (const template of templates) {
    const sql = names.fill(template);
    try {
      await client.query(sql);
    } catch (error) {
      throw new Error(`${String(error)} in ${sql}`, { cause: error });
    }
  }
}

/** Measures in order, and at the end compares every row of every table with what it was. */
export async function judgeAll(client: pg.Client, cases: readonly Case[]): Promise<Measured[]> {
  const catalogue = await catalogueOf(client);
  const oracle = new Oracle(client);
  const before = await oracle.rows();
  const measured: Measured[] = [];
  for (const one of cases) measured.push(await measure(one, catalogue, oracle));
  if ((await oracle.rows()) !== before) throw new Error('rows changed, and no single statement was seen to do it');
  return measured;
}
