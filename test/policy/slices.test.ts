import { describe, expect, it } from 'vitest';
import { BoundedMap } from '../../shared/policy/judge/bounded-map.ts';
import { sliceFor } from '../../shared/policy/judge/slice.ts';
import { readPolicies } from '../../shared/policy/load/read-policies.ts';
import { bot, effect, engineOf, orders, PERMIT_READ, quiet, staging } from './world.ts';

const sliced = (scope: string, connection = orders) => {
  const read = readPolicies([{ name: 'p.cedar', text: `@id("x") permit (principal, action, ${scope});` }]);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return sliceFor(connection, read.value).length === 1;
};

describe('a slice keeps a policy when its scope', () => {
  it.each([
    ['names nothing', 'resource', true],
    ['names a type', 'resource is Resource', true],
    ['names the connection', 'resource in Connection::"orders"', true],
    ['is the connection', 'resource == Connection::"orders"', true],
    ['names another connection', 'resource in Connection::"orders-staging"', false],
    ['names a type in another connection', 'resource is Resource in Connection::"orders-staging"', false],
    ['names the environment', 'resource in Environment::"production"', true],
    ['names another environment', 'resource in Environment::"staging"', false],
    ['names a schema of it', 'resource in Schema::"orders/public"', true],
    ['names a schema of another connection that begins alike', 'resource in Schema::"orders-staging/public"', false],
    ['names a class', 'resource in Class::"pii"', true],
    ['is a table of it', 'resource == Resource::"orders/relation/public.a"', true],
    ['is a table of another', 'resource == Resource::"orders-staging/relation/public.a"', false],
  ])('%s: %s → %s', (_, scope, kept) => {
    expect(sliced(scope)).toBe(kept);
  });
});

describe('five thousand policies', () => {
  const many = Array.from(
    { length: 5_000 },
    (_, n) =>
      `@id("s${String(n)}") forbid (principal, action == Action::"sql:drop", resource in Connection::"orders-staging") when { context.rows == ${String(n)} };`,
  ).join('\n');
  const engine = engineOf(PERMIT_READ, many);

  it('are loaded, and those of another connection are no part of a decision', () => {
    expect(engine.policyIds).toHaveLength(5_001);
    expect(engine.decide(bot, orders, [effect('sql:select')], quiet).verdict).toBe('allow');
  });

  it('still stop what they stop', () => {
    expect(engine.decide(bot, staging, [effect('sql:drop', 'public.a', { rows: 4_999 })], quiet)).toMatchObject({
      verdict: 'block',
      policies: [{ id: 's4999' }],
    });
  });
});

describe('the memory of decisions', () => {
  it('never holds more than its limit, and forgets what was not asked for longest', () => {
    const map = new BoundedMap<number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    expect([map.size, map.get('a'), map.get('b'), map.get('c')]).toEqual([2, 1, undefined, 3]);
  });

  it('keeps apart what differs in anything that policies can ask', () => {
    const engine = engineOf(
      '@id("p") permit (principal, action, resource) when { context.reason == "yes" && principal.getTag("k") == "v" && resource.columns.contains("c") };'.replace(
        'principal.getTag',
        'principal.hasTag("k") && principal.getTag',
      ),
    );
    const agent = { ...bot, claims: { k: 'v' } };
    const what = { ...effect('sql:select'), resource: { kind: 'relation', name: 'public.a', columns: ['c'] } };
    const verdicts = () => [
      engine.decide(agent, orders, [what], { ...quiet, reason: 'yes' }).verdict,
      engine.decide(agent, orders, [what], { ...quiet, reason: 'no' }).verdict,
      engine.decide({ ...agent, claims: { k: 'w' } }, orders, [what], { ...quiet, reason: 'yes' }).verdict,
      engine.decide(agent, orders, [effect('sql:select', 'public.a')], { ...quiet, reason: 'yes' }).verdict,
    ];
    expect(verdicts()).toEqual(['allow', 'block', 'block', 'block']);
    expect(verdicts()).toEqual(['allow', 'block', 'block', 'block']);
  });
});
