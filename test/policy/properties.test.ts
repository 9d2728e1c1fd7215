import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../shared/domain/decision.ts';
import { beyondBounds } from '../../shared/policy/load/bounds.ts';
import { splitPolicies } from '../../shared/policy/load/split.ts';
import { bot, effect, engineOf, faultsOf, orders, quiet, staging } from './world.ts';

const GROUPS = ['dba', 'sre', 'security'] as const;
const group = fc.constantFrom(...GROUPS);
const principal = fc.constantFrom('principal', 'principal in Group::"ci"', 'principal in Group::"dba"');
const action = fc.constantFrom(
  'action',
  'action in Action::"write"',
  'action == Action::"sql:delete"',
  'action in [Action::"read", Action::"destroy"]',
);
const resource = fc.constantFrom(
  'resource',
  'resource in Connection::"orders"',
  'resource in Connection::"orders-staging"',
  'resource in Environment::"production"',
  'resource in Schema::"orders/public"',
  'resource == Resource::"orders/relation/public.a"',
);
const fact = fc.constantFrom('context.unbounded', 'context.rows > 10', 'resource.name like "public.*"');
const test = fc.oneof(
  group.map((name) => ({ groups: [name], text: `context.approvals.contains("${name}")` })),
  fc
    .tuple(fc.uniqueArray(group, { minLength: 1 }), fc.constantFrom('containsAll', 'containsAny'))
    .map(([groups, how]) => ({ groups, text: `context.approvals.${how}(${JSON.stringify(groups)})` })),
);
const asked = fc.tuple(test, fact, fc.constantFrom('&&', '||')).map(([{ groups, text }, other, join]) => ({
  approval: `@approval("${groups.join(',')}") @quorum("2")`,
  text: `${text} ${join} ${other}`,
}));

const scope = fc.tuple(principal, action, resource).map((parts) => parts.join(', '));
/** Policies without their @id: `(n) => text`. */
const forbid = fc.oneof(
  fc.tuple(scope, fact).map(
    ([where, when]) =>
      (id: string) =>
        `@id("${id}") forbid (${where}) when { ${when} };`,
  ),
  fc.tuple(scope, asked).map(
    ([where, { approval, text }]) =>
      (id: string) =>
        `@id("${id}") ${approval} forbid (${where}) unless { ${text} };`,
  ),
);
const permit = fc.oneof(
  fc.tuple(scope, fact).map(
    ([where, when]) =>
      (id: string) =>
        `@id("${id}") permit (${where}) when { ${when} };`,
  ),
  fc.tuple(scope, asked).map(
    ([where, { approval, text }]) =>
      (id: string) =>
        `@id("${id}") ${approval} permit (${where}) when { ${text} };`,
  ),
);
const policies = fc
  .tuple(fc.array(permit, { minLength: 1, maxLength: 4 }), fc.array(forbid, { maxLength: 4 }))
  .map(([permits, forbids]) => [...permits, ...forbids].map((make, at) => make(`p${String(at)}`)));
const oneEffect = fc
  .record({
    action: fc.constantFrom('sql:select', 'sql:update', 'sql:delete', 'sql:drop'),
    name: fc.constantFrom('public.a', 'public.b', 'hidden.a'),
    unbounded: fc.boolean(),
    rows: fc.constantFrom(0, 11),
  })
  .map(({ action: verb, name, unbounded, rows }) => effect(verb, name, { unbounded, rows }));
const effects = fc.array(oneEffect, { minLength: 1, maxLength: 4 });
const approvals = fc.subarray([...GROUPS]);
const connection = fc.constantFrom(orders, staging);
// Building an engine (schema, validation) is most of a run; two cores and a budget of seconds.
const runs = { numRuns: 40 };

const RANK: Readonly<Record<Decision['verdict'], number>> = { block: 0, approval: 1, allow: 2 };

describe('for any policies, effects and approvals', () => {
  it('one more forbid never permits more', () => {
    fc.assert(
      fc.property(policies, forbid, effects, approvals, connection, (set, extra, what, given, where) => {
        const before = engineOf(...set).decide(bot, where, what, { ...quiet, approvals: given });
        const after = engineOf(...set, extra('extra')).decide(bot, where, what, { ...quiet, approvals: given });
        expect(RANK[after.verdict]).toBeLessThanOrEqual(RANK[before.verdict]);
      }),
      runs,
    );
  });

  it('one more approval never permits less', () => {
    fc.assert(
      fc.property(policies, effects, approvals, group, connection, (set, what, given, more, where) => {
        const engine = engineOf(...set);
        const before = engine.decide(bot, where, what, { ...quiet, approvals: given });
        const after = engine.decide(bot, where, what, { ...quiet, approvals: [...given, more] });
        expect(RANK[after.verdict]).toBeGreaterThanOrEqual(RANK[before.verdict]);
      }),
      runs,
    );
  });

  it('exactly what is asked for is enough, and nothing of it can be left out', () => {
    fc.assert(
      fc.property(policies, effects, approvals, connection, (set, what, given, where) => {
        const engine = engineOf(...set);
        const decision = engine.decide(bot, where, what, { ...quiet, approvals: given });
        if (decision.verdict !== 'approval') return;
        const groups = decision.asks.map((ask) => ask.group);
        expect(groups.some((name) => given.some((had) => had === name))).toBe(false);
        expect(engine.decide(bot, where, what, { ...quiet, approvals: [...given, ...groups] }).verdict).toBe('allow');
        for (const out of groups)
          expect(
            engine.decide(bot, where, what, {
              ...quiet,
              approvals: [...given, ...groups.filter((name) => name !== out)],
            }).verdict,
          ).toBe('approval');
      }),
      runs,
    );
  });

  it('what is blocked stays blocked when everybody approves', () => {
    fc.assert(
      fc.property(policies, effects, approvals, connection, (set, what, given, where) => {
        const engine = engineOf(...set);
        if (engine.decide(bot, where, what, { ...quiet, approvals: given }).verdict !== 'block') return;
        expect(engine.decide(bot, where, what, { ...quiet, approvals: [...GROUPS] }).verdict).toBe('block');
      }),
      runs,
    );
  });

  it('says the same as plain Cedar over the whole set, without slices, schema or memory', () => {
    fc.assert(
      fc.property(policies, oneEffect, approvals, connection, (set, what, given, where) => {
        const allowed = engineOf(...set).decide(bot, where, [what], { ...quiet, approvals: given }).verdict === 'allow';
        expect(allowed).toBe(plainCedar(set, what, given, where));
      }),
      runs,
    );
  });

  it('a statement of several effects is allowed only if each alone is', () => {
    fc.assert(
      fc.property(policies, effects, approvals, (set, what, given) => {
        const engine = engineOf(...set);
        const circumstances = { ...quiet, approvals: given };
        const each = what.every((one) => engine.decide(bot, orders, [one], circumstances).verdict === 'allow');
        expect(engine.decide(bot, orders, what, circumstances).verdict === 'allow').toBe(each);
      }),
      runs,
    );
  });
});

function plainCedar(
  set: readonly string[],
  { action: verb, group: kin, resource: { kind, name }, attributes }: ReturnType<typeof effect>,
  given: readonly string[],
  where: typeof orders,
): boolean {
  const resourceUid = { type: 'Resource', id: `${where.name}/${kind}/${name}` };
  const answer = isAuthorized({
    principal: { type: 'Agent', id: 'a' },
    action: { type: 'Action', id: verb },
    resource: resourceUid,
    context: { ...attributes, approvals: [...given] },
    policies: { staticPolicies: set.join('\n') },
    entities: [
      { uid: { type: 'Agent', id: 'a' }, attrs: {}, parents: bot.groups.map((id) => ({ type: 'Group', id })) },
      { uid: { type: 'Action', id: verb }, attrs: {}, parents: [{ type: 'Action', id: kin }] },
      {
        uid: resourceUid,
        attrs: { name },
        parents: [
          { type: 'Connection', id: where.name },
          { type: 'Schema', id: `${where.name}/${name.split('.')[0] ?? ''}` },
        ],
      },
      {
        uid: { type: 'Connection', id: where.name },
        attrs: {},
        parents: [{ type: 'Environment', id: where.environment }],
      },
    ],
  });
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors));
  expect(answer.response.diagnostics.errors).toEqual([]);
  return answer.response.decision === 'allow';
}

describe('for any text', () => {
  it('loading answers with faults, never a throw, and the engine still judges', () => {
    const piece = fc.constantFrom(
      'permit',
      'forbid',
      '(',
      ')',
      '{',
      '}',
      '"',
      ';',
      '//',
      '\n',
      '\r',
      '@id("a")',
      'when',
      'principal',
      ',',
      '\\',
      '\u0000',
      '\ud800',
      'context.approvals',
      '::',
      '[',
      'é',
      '💥',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 60 }),
        (pieces) => {
          expect(typeof faultsOf(pieces.join(' '))).toBe('string');
        },
      ),
      { numRuns: 500 },
    );
    expect(engineOf('@id("a") permit (principal, action, resource);').policyIds).toEqual(['a']);
  });

  it('cutting into policies loses nothing but what lies between them', () => {
    const string = fc.string().map((text) => JSON.stringify(text));
    const policy = fc.tuple(fc.constantFrom('permit', 'forbid'), string).map(([word, text]) => `${word} (${text});`);
    const gap = fc.constantFrom(' ', '\n', '\r\n', '// ; "\n', '//\r', '\t// a;b\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, policy)), (parts) => {
        const pieces = splitPolicies('f.cedar', parts.flat().join(''));
        expect(pieces.map(({ text }) => text)).toEqual(parts.map(([, text]) => text));
      }),
    );
  });

  it('bounds are counted outside strings and comments only', () => {
    expect(
      beyondBounds(
        `permit (principal, action, resource) when { context.reason == "${'('.repeat(100)}" }; // ${'['.repeat(100)}`,
      ),
    ).toBeUndefined();
  });
});
