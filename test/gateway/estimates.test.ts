import { expect, test } from 'vitest';
import type { Connector } from '../../shared/connectors/connector.ts';
import { check } from '../../shared/gateway/check.ts';
import { ok } from '../../shared/platform/result.ts';
import { bot, bundleOf, createWorld, GATEWAY } from './world.ts';

const READS = `@id("reads") permit (principal, action in [Action::"read", Action::"connect"], resource);`;
const FINDS = `@id("finds") permit (principal, action == Action::"infer", resource in Class::"pii.email");`;
const masking = {
  columns: [
    { match: '*.public.customers.email', class: 'pii.email' },
    { match: '*.public.customers.phone', class: 'pii.phone' },
  ],
};

/** What `check` says of the rows that a statement would find by these columns, and how often the planner was asked. */
async function estimated(
  policies: readonly string[],
  by: readonly string[],
): Promise<[number | null | undefined, number]> {
  const world = createWorld();
  world.configure(bundleOf([policies.join('\n')], { ...GATEWAY, masking }));
  let asked = 0;
  const connector: Connector = {
    ...world.connector,
    analyze: async (statement, catalogue, connection) => {
      const read = await world.connector.analyze(statement, catalogue, connection);
      const inferences = by.map((column) => ({
        column: { relation: 'public.customers', column },
        way: 'predicate' as const,
        equalityByParameter: false,
      }));
      return read.ok ? ok({ ...read.value, inferences }) : read;
    },
    estimate: () => {
      asked += 1;
      return Promise.resolve(417);
    },
  };
  const deps = { ...world.deps, connectors: new Map([['postgres', connector]]) };
  const request = { connection: 'orders', statement: 'SELECT name FROM customers', estimate: true };
  const answer = await check(deps, world.runtime(), bot, request);
  return [answer.ok ? answer.value.estimatedRows : undefined, asked];
}

test.each<[string, readonly string[], readonly string[], number | null, number]>([
  ['is told of what is not classified', [READS], ['city'], 417, 1],
  ['is not even asked for of what may not be found out', [READS], ['email'], null, 0],
  ['nor where one column of several may not', [READS, FINDS], ['email', 'phone'], null, 0],
  ['is told where policy lets it be found out', [READS, FINDS], ['email'], 417, 1],
])('an estimate %s', async (_what, policies, by, rows, asked) => {
  expect(await estimated(policies, by)).toEqual([rows, asked]);
});
