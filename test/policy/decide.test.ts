import { describe, expect, it } from 'vitest';
import { unreadable } from '../../shared/domain/effect.ts';
import { ASK_DBA, bot, effect, engineOf, orders, PERMIT_READ, PERMIT_WRITE, quiet, staging } from './world.ts';

const ask = (id: string, approval: string, condition: string, more = '') =>
  `@id("${id}") @approval("${approval}") ${more} forbid (principal, action in Action::"write", resource) unless { ${condition} };`;
const has = (group: string) => `context.approvals.contains("${group}")`;

describe('decide', () => {
  const engine = engineOf(PERMIT_READ, PERMIT_WRITE, ASK_DBA);

  it('allows what a permit covers and no forbid stops, and names the permit', () => {
    expect(engine.decide(bot, orders, [effect('sql:select')], quiet)).toEqual({
      verdict: 'allow',
      policies: [{ id: 'read', message: 'Permitted.' }],
      policyVersion: engine.version,
    });
  });

  it('asks when approvals would lift the refusal, and says whose, how many, until when', () => {
    expect(engine.decide(bot, orders, [effect('sql:delete'), effect('sql:select')], quiet)).toEqual({
      verdict: 'approval',
      asks: [{ group: 'dba', quorum: 1, expiresSeconds: 1_800 }],
      policies: [{ id: 'ask-dba', message: 'Ask a DBA.' }],
      policyVersion: engine.version,
    });
  });

  it('allows with the approval, and asks again with the approval of somebody else', () => {
    expect(engine.decide(bot, orders, [effect('sql:delete')], { ...quiet, approvals: ['dba'] }).verdict).toBe('allow');
    expect(engine.decide(bot, orders, [effect('sql:delete')], { ...quiet, approvals: ['sre', 'ci'] }).verdict).toBe(
      'approval',
    );
  });

  it('blocks what nothing permits, and says which action on what, and what to do', () => {
    const decision = engine.decide(bot, orders, [effect('sql:select'), effect('sql:drop')], quiet);
    expect(decision).toMatchObject({ verdict: 'block', policies: [] });
    expect(decision.verdict === 'block' && decision.why).toBe(
      'No policy permits sql:drop on relation public.customers on connection orders. Leave it out of the statement, or ask whoever keeps the policies of orders for a permit.',
    );
  });

  it('blocks an approval that no permit would follow', () => {
    const lone = engineOf(PERMIT_READ, ASK_DBA);
    expect(lone.decide(bot, orders, [effect('sql:delete')], quiet).verdict).toBe('block');
  });

  it.each([
    ['another agent', { ...bot, groups: [] }, orders],
    ['another connection', bot, staging],
    ['a connection of another name in the same environment', bot, { ...orders, name: 'orders2' }],
    ['a connection of a kind without a vocabulary', bot, { ...orders, kind: 'kubernetes' }],
  ])('blocks %s', (_, agent, connection) => {
    expect(engine.decide(agent, connection, [effect('sql:select')], quiet).verdict).toBe('block');
  });

  it('blocks a statement without effects', () => {
    expect(engine.decide(bot, orders, [], quiet).verdict).toBe('block');
  });

  it('blocks a statement of too many effects', () => {
    expect(
      engine.decide(
        bot,
        orders,
        Array.from({ length: 1_001 }, () => effect('sql:select')),
        quiet,
      ).verdict,
    ).toBe('block');
  });
});

describe('what cannot be judged is blocked, whatever policies permit', () => {
  const engine = engineOf('@id("all") permit (principal, action, resource);');
  const lone = '\ud800';
  it.each([
    ['an unreadable effect', unreadable('a LISTEN')],
    ['an effect that says unreadable only in its group', { ...effect('sql:select'), group: 'unreadable' as const }],
    ['an action without a word', effect('sql:selekt')],
    ['an action named like a member of every object', effect('constructor')],
    ['an action in another group than its own', { ...effect('sql:delete'), group: 'read' as const }],
    ['an action of the gateway itself', effect('reveal')],
    ['a resource kind without a word', { ...effect('sql:select'), resource: { kind: 'planet', name: 'x' } }],
    ['an attribute without a word', effect('sql:select', 'public.a', { bounded: true })],
    ['an attribute of another type', effect('sql:select', 'public.a', { unbounded: 'no' })],
    [
      'an attribute called __proto__',
      effect('sql:select', 'public.a', JSON.parse('{"__proto__": true}') as Record<string, boolean>),
    ],
    ['a number that is not whole', effect('sql:select', 'public.a', { rows: 0.5 })],
    ['a number that is not exact', effect('sql:select', 'public.a', { rows: 2 ** 53 })],
    ['a number that is none', effect('sql:select', 'public.a', { rows: Number.NaN })],
    ['a name with a lone surrogate', effect('sql:select', `public.${lone}`)],
    ['an attribute with a lone surrogate', effect('sql:select', 'public.a', { via: lone })],
    ['a list with a lone surrogate', effect('sql:select', 'public.a', { tags: [lone] })],
    ['a name that can be read two ways', effect('sql:select', 'a.b.c')],
    [
      'more columns than a table has',
      {
        ...effect('sql:select'),
        resource: { kind: 'relation', name: 'public.a', columns: Array.from({ length: 2_001 }, (_, n) => String(n)) },
      },
    ],
  ])('%s', (_, bad) => {
    expect(engine.decide(bot, orders, [effect('sql:select')], quiet).verdict).toBe('allow');
    const decision = engine.decide(bot, orders, [effect('sql:select'), bad], quiet);
    expect(decision.verdict).toBe('block');
    expect(decision.verdict === 'block' && decision.why).toBeTruthy();
  });

  it('a reason, a claim or a group with a lone surrogate', () => {
    expect(engine.decide(bot, orders, [effect('sql:select')], { ...quiet, reason: lone }).verdict).toBe('block');
    expect(engine.decide({ ...bot, claims: { [lone]: 'x' } }, orders, [effect('sql:select')], quiet).verdict).toBe(
      'block',
    );
    expect(engine.decide({ ...bot, groups: [lone] }, orders, [effect('sql:select')], quiet).verdict).toBe('block');
  });

  it('a statement over which a forbid errors, though Cedar itself would skip that forbid', () => {
    const erring = engineOf(
      '@id("all") permit (principal, action, resource);',
      '@id("guard") forbid (principal, action, resource) when { context.rows * 9223372036854775807 > 5 };',
    );
    expect(erring.decide(bot, orders, [effect('sql:select', 'public.a', { rows: 0 })], quiet).verdict).toBe('allow');
    const decision = erring.decide(bot, orders, [effect('sql:select', 'public.a', { rows: 2 })], quiet);
    expect(decision).toMatchObject({ verdict: 'block', why: 'A policy could not be evaluated: guard.' });
  });

  it('even when an approval would be asked beside the error', () => {
    const erring = engineOf(
      PERMIT_WRITE,
      ASK_DBA,
      '@id("guard") forbid (principal, action, resource) when { context.rows * 9223372036854775807 > 5 };',
    );
    expect(erring.decide(bot, orders, [effect('sql:delete', 'public.a', { rows: 2 })], quiet).verdict).toBe('block');
  });
});

describe('the least set of approvals', () => {
  const asks = (engine: ReturnType<typeof engineOf>, ...actions: string[]) => {
    const decision = engine.decide(
      bot,
      orders,
      actions.map((action) => effect(action)),
      quiet,
    );
    return decision.verdict === 'approval'
      ? decision.asks.map(({ group, quorum, expiresSeconds }) => `${String(quorum)} ${group} ${String(expiresSeconds)}`)
      : decision.verdict;
  };

  it('joins the groups of several policies', () => {
    expect(
      asks(engineOf(PERMIT_WRITE, ASK_DBA, ask('sec', 'security', has('security'), '@expires("1h")')), 'sql:delete'),
    ).toEqual(['1 dba 1800', '1 security 3600']);
  });

  it('takes the highest quorum and the earliest end that any policy asks of a group', () => {
    expect(
      asks(engineOf(PERMIT_WRITE, ASK_DBA, ask('two', 'dba', has('dba'), '@quorum("2") @expires("2h")')), 'sql:delete'),
    ).toEqual(['2 dba 1800']);
  });

  it('asks every group of a policy that wants all, and the first of one that wants any', () => {
    expect(
      asks(
        engineOf(PERMIT_WRITE, ask('all', 'sre, dba', 'context.approvals.containsAll(["dba", "sre"])')),
        'sql:delete',
      ),
    ).toEqual(['1 sre 1800', '1 dba 1800']);
    expect(
      asks(
        engineOf(PERMIT_WRITE, ask('any', 'sre,dba', 'context.approvals.containsAny(["dba", "sre"])')),
        'sql:delete',
      ),
    ).toEqual(['1 sre 1800']);
  });

  it('leaves out a choice that another policy makes anyway', () => {
    expect(
      asks(
        engineOf(PERMIT_WRITE, ASK_DBA, ask('any', 'sre,dba', 'context.approvals.containsAny(["dba", "sre"])')),
        'sql:delete',
      ),
    ).toEqual(['1 dba 1800']);
  });

  it('covers the effects together, and does not ask for those that need nothing', () => {
    const engine = engineOf(
      PERMIT_READ,
      PERMIT_WRITE,
      ASK_DBA,
      ask('sre', 'sre', `action != Action::"sql:delete" || ${has('sre')}`),
    );
    expect(asks(engine, 'sql:select')).toBe('allow');
    expect(asks(engine, 'sql:update', 'sql:select')).toEqual(['1 dba 1800']);
    expect(asks(engine, 'sql:update', 'sql:delete')).toEqual(['1 dba 1800', '1 sre 1800']);
  });

  it('finds a permit that waits for people, by its action or its group', () => {
    for (const scope of ['action == Action::"sql:delete"', 'action in [Action::"write"]', 'action']) {
      expect(
        asks(
          engineOf(
            `@id("p") @approval("sre") @quorum("2") permit (principal, ${scope}, resource) when { ${has('sre')} };`,
          ),
          'sql:delete',
        ),
      ).toEqual(['2 sre 1800']);
    }
  });

  it('finds people behind people: a forbid lifted by one group, a permit that waits for another', () => {
    expect(
      asks(
        engineOf(
          ASK_DBA,
          `@id("p") @approval("sre") permit (principal, action in Action::"write", resource) when { ${has('sre')} };`,
        ),
        'sql:delete',
      ),
    ).toEqual(['1 dba 1800', '1 sre 1800']);
  });

  it('asks for a group that another policy tests without asking itself', () => {
    expect(
      asks(
        engineOf(
          PERMIT_WRITE,
          ASK_DBA,
          `@id("quiet") forbid (principal, action in Action::"write", resource) unless { ${has('dba')} };`,
        ),
        'sql:delete',
      ),
    ).toEqual(['1 dba 1800']);
  });

  it('does not ask when a forbid would stay', () => {
    expect(
      asks(
        engineOf(PERMIT_WRITE, ASK_DBA, '@id("no") forbid (principal, action == Action::"sql:delete", resource);'),
        'sql:delete',
      ),
    ).toBe('block');
  });

  it('asks only for what is still missing', () => {
    const engine = engineOf(PERMIT_WRITE, ASK_DBA, ask('sec', 'security', has('security')));
    expect(engine.decide(bot, orders, [effect('sql:delete')], { ...quiet, approvals: ['dba'] })).toMatchObject({
      verdict: 'approval',
      asks: [{ group: 'security' }],
    });
  });

  it('blocks with the words of the forbid that stays, not of those that ask', () => {
    const decision = engineOf(
      PERMIT_WRITE,
      ASK_DBA,
      '@id("no") @message("Never.") forbid (principal, action, resource) when { context.unbounded };',
    ).decide(bot, orders, [effect('sql:delete', 'public.a', { unbounded: true })], quiet);
    expect(decision).toMatchObject({ verdict: 'block', policies: [{ id: 'no', message: 'Never.' }] });
  });
});

describe('connect', () => {
  it('is permitted by name only, and lets a connection be known that people would have to approve', () => {
    expect(engineOf(PERMIT_READ).mayConnect(bot, orders)).toBe(false);
    const permit =
      '@id("c") permit (principal in Group::"ci", action == Action::"connect", resource == Connection::"orders");';
    expect(engineOf(permit).mayConnect(bot, orders)).toBe(true);
    expect(engineOf(permit).mayConnect(bot, staging)).toBe(false);
    expect(
      engineOf(
        permit,
        `@id("f") @approval("dba") forbid (principal, action, resource) unless { ${has('dba')} };`,
      ).mayConnect(bot, orders),
    ).toBe(true);
    expect(
      engineOf(permit, '@id("f") forbid (principal, action, resource in Environment::"production");').mayConnect(
        bot,
        orders,
      ),
    ).toBe(false);
  });
});

describe('reveal', () => {
  const email = { relation: 'public.customers', column: 'email', class: 'pii.email' };
  const reveal = (resource: string, more = '') =>
    `@id("r") ${more.startsWith('@') ? more : ''} permit (principal, action == Action::"reveal", ${resource}) ${more.startsWith('when') ? more : ''};`;
  const shown = (policy: string, approvals: string[] = [], column = email) =>
    engineOf(policy).mayReveal(bot, orders, column, { ...quiet, approvals });

  it.each([
    ['nothing said', PERMIT_READ, false],
    ['a permit over every action', '@id("all") permit (principal, action, resource);', false],
    ['a permit of reads', '@id("reads") permit (principal, action in Action::"read", resource);', false],
    ['the class', reveal('resource in Class::"pii.email"'), true],
    ['the class above', reveal('resource in Class::"pii"'), true],
    ['another class', reveal('resource in Class::"pci"'), false],
    ['a class that only begins alike', reveal('resource in Class::"pi"'), false],
    ['the connection', reveal('resource in Connection::"orders"'), true],
    ['another connection', reveal('resource in Connection::"orders-staging"'), false],
    ['the environment', reveal('resource in Environment::"production"'), true],
    ['the schema', reveal('resource in Schema::"orders/public"'), true],
    ['the table', reveal('resource in Resource::"orders/relation/public.customers"'), true],
    ['another table', reveal('resource in Resource::"orders/relation/public.orders"'), false],
    [
      'the column by its attributes',
      reveal('resource', 'when { resource.class == "pii.email" && resource.columns.contains("email") }'),
      true,
    ],
  ])('%s: %s → %s', (_, policy, expected) => {
    expect(shown(policy)).toBe(expected);
  });

  it('can wait for an approval, and is hidden without it', () => {
    const policy = `@id("r") permit (principal, action == Action::"reveal", resource) when { ${has('dba')} };`;
    expect([shown(policy), shown(policy, ['dba'])]).toEqual([false, true]);
  });

  it('is stopped by a forbid over every action', () => {
    expect(
      engineOf(reveal('resource'), '@id("f") forbid (principal, action, resource);').mayReveal(
        bot,
        orders,
        email,
        quiet,
      ),
    ).toBe(false);
  });

  it('hides a column whose table can be read two ways', () => {
    expect(shown(reveal('resource'), [], { ...email, relation: 'a.b.c' })).toBe(false);
  });
});
