import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../infra/cli/policies.ts';
import { createDataApi } from '../../shared/aws/data-api/index.ts';
import type { Catalogue } from '../../shared/connectors/connector.ts';
import { takeCatalogue } from '../../shared/connectors/postgres/catalogue/take.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import type { Agent } from '../../shared/domain/caller.ts';
import type { Effect } from '../../shared/domain/effect.ts';
import { circumstancesOf } from '../../shared/gateway/intake/circumstances.ts';
import type { LoadedEngine } from '../../shared/policy/create-engine.ts';
import { ordersConnection, startOrdersDatabase, type OrdersDatabase } from '../support/orders-database.ts';
import { documentNamed, PROJECT, tableOf } from './documents.ts';

/** The README's table of statements, against the demo's database and policies. */
const rows = tableOf(documentNamed('README.md'), 'statement').map(([statement = '', effects = '', verdict = '']) => ({
  statement: statement.slice(1, -1),
  effects,
  verdict,
}));

const agent: Agent = {
  kind: 'agent',
  issuer: 'ci',
  issuerUrl: 'https://ci.example',
  subject: 'orders',
  name: 'orders-ci',
  groups: ['ci'],
  act: [],
  claims: {},
};

let database: OrdersDatabase;
let catalogue: Catalogue;
let engine: LoadedEngine;

beforeAll(async () => {
  database = await startOrdersDatabase();
  const taken = await takeCatalogue(createDataApi(database.client), ordersConnection);
  const loaded = await loadConfiguration(join(PROJECT, 'config'));
  if (!taken.ok || !loaded.ok) throw new Error('no catalogue, or no policies');
  catalogue = taken.value;
  engine = loaded.value.engine;
});
afterAll(async () => {
  await database.close();
});

/** Backticked words of the cell that are an action or a resource; attributes apart. */
function claimsOf(cell: string): { actions: string[]; names: string[]; attributes: string[] } {
  const [effects = '', attributes = ''] = cell.split(/attribute /);
  const words = [...effects.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
  return {
    actions: words.filter((word) => word.startsWith('sql:')),
    names: words.filter((word) => !word.startsWith('sql:')),
    attributes: [...attributes.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
  };
}

const unique = (words: readonly string[]): string[] => [...new Set(words)].sort();

describe('statements of the README', () => {
  it.each(rows)('$statement', async ({ statement, effects: cell, verdict }) => {
    const analysis = await analyze({ text: statement }, catalogue);
    const effects: readonly Effect[] = analysis.ok ? analysis.value.effects : [];
    const beyondReading = effects.filter(({ action }) => action !== 'sql:select');
    const claims = claimsOf(cell);
    expect(unique(beyondReading.map(({ action }) => action))).toEqual(unique(claims.actions));
    expect(unique(beyondReading.map(({ resource }) => resource.name))).toEqual(unique(claims.names));
    for (const attribute of claims.attributes)
      expect(effects.some(({ attributes }) => attributes[attribute] === true)).toBe(true);
    expect(engine.decide(agent, ordersConnection, effects, circumstancesOf({}, [])).verdict).toBe(verdict);
  });
});
