import type pg from 'pg';
import { ownCases, type Case } from './cases.ts';
import { COMPARED, COMPARED_CASES, DEEPER, DEEPER_CASES, DEEPER_READS } from './cases-deeper.ts';
import { SHADOWED } from './cases-others.ts';
import { catalogueOf, type Server } from './database.ts';
import { measure, type Measured } from './measure.ts';
import { Names, randomFrom, type Random } from './names.ts';
import { Oracle } from './oracle.ts';
import { SHADOWS, TRAPS } from './traps.ts';

/** Our own cases against real databases, each full of another sort of trap. */
export async function runOwn(server: Server, seed: number, share: number): Promise<Measured[]> {
  const random = randomFrom(seed);
  const names = new Names(random);
  const traps = await server.database('traps');
  await load(traps, TRAPS, names);
  const measured = await judgeAll(traps, ownCases(names, random, share));
  for (const { name, setup, cases, path } of others(random)) {
    const client = await server.database(name);
    await load(client, setup.sql, setup.names);
    if (path !== undefined) await client.query(`SET search_path = ${path}`);
    // Looking at the rows would itself run the traps of these databases.
    measured.push(...(await judgeEach(client, cases, new Oracle(client))));
  }
  return measured;
}

interface Other {
  readonly name: string;
  readonly setup: { readonly sql: readonly string[]; readonly names: Names };
  readonly cases: readonly Case[];
  readonly path?: string;
}

function others(random: Random): readonly Other[] {
  const [shadowed, deeper, compared] = [new Names(random), new Names(random), new Names(random)];
  const cases = (names: Names, group: string, truth: Case['truth'], templates: readonly string[]): Case[] =>
    templates.map((template) => ({ class: group, truth, sql: names.fill(template) }));
  return [
    {
      name: 'shadowed',
      setup: { sql: SHADOWS.map((sql) => sql.replace('{shadowed}', 'shadowed')), names: shadowed },
      cases: cases(shadowed, 'call: looks built in', 'not', SHADOWED),
      path: 'public, pg_catalog',
    },
    {
      name: 'deeper',
      setup: { sql: DEEPER, names: deeper },
      cases: [
        ...cases(deeper, 'call: planned or compared', 'not', DEEPER_CASES),
        ...cases(deeper, 'read: beside such code', 'read', DEEPER_READS),
      ],
    },
    {
      name: 'compared',
      setup: { sql: COMPARED, names: compared },
      cases: cases(compared, 'call: built-in types compared', 'not', COMPARED_CASES),
    },
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
  const oracle = new Oracle(client);
  const before = await oracle.rows();
  const measured = await judgeEach(client, cases, oracle);
  if ((await oracle.rows()) !== before) throw new Error('rows changed, and no single statement was seen to do it');
  return measured;
}

async function judgeEach(client: pg.Client, cases: readonly Case[], oracle: Oracle): Promise<Measured[]> {
  const catalogue = await catalogueOf(client);
  const measured: Measured[] = [];
  for (const one of cases) measured.push(await measure(one, catalogue, oracle));
  return measured;
}
