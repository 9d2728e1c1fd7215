import { describe, expect, it } from 'vitest';
import { bot, effect, engineOf, faultsOf, orders, PERMIT_WRITE, quiet } from './world.ts';

const policy = (annotations: string, unless: string): string =>
  `@id("ask") ${annotations} forbid (principal, action in Action::"write", resource in Connection::"orders") unless { ${unless} };`;

const DBA = 'context.approvals.contains("dba")';
const EITHER = 'context.approvals.containsAny(["dba", "sre"])';
const asksOf = (...policies: string[]) => {
  const decision = engineOf(PERMIT_WRITE, ...policies).decide(bot, orders, [effect('sql:update')], quiet);
  return decision.verdict === 'approval' ? decision.asks : decision.verdict;
};

describe('what a policy says about asking people', () => {
  it('is the usual where it says nothing', () => {
    expect(asksOf(policy('@approval("dba")', DBA))).toEqual([{ group: 'dba', quorum: 1, expiresSeconds: 1_800 }]);
  });

  it('names how many denials end it, and whether anybody is reminded', () => {
    expect(asksOf(policy('@approval("dba") @denials("2") @remind("off")', DBA))).toEqual([
      { group: 'dba', quorum: 1, expiresSeconds: 1_800, denials: 2, remind: 'off' },
    ]);
  });

  it.each([
    ['', 900],
    ['@escalate_after("10m")', 600],
  ])('names a second group, and when it is asked: %s', (after, afterSeconds) => {
    expect(asksOf(policy(`@approval("dba") @escalate("sre") ${after}`, EITHER))).toEqual([
      { group: 'dba', quorum: 1, expiresSeconds: 1_800, escalation: { group: 'sre', afterSeconds } },
    ]);
  });

  it('takes the strictest word of several policies that ask one group', () => {
    const other = policy('@approval("dba") @denials("3") @expires("20m")', DBA).replace('"ask"', '"other"');
    expect(asksOf(policy('@approval("dba") @denials("2") @remind("off") @escalate("sre")', EITHER), other)).toEqual([
      { group: 'dba', quorum: 1, expiresSeconds: 1_200, denials: 2 },
    ]);
    const later = policy('@approval("dba") @escalate("sre") @escalate_after("20m")', EITHER).replace('"ask"', '"late"');
    expect(asksOf(policy('@approval("dba") @escalate("sre")', EITHER), later)).toMatchObject([
      { escalation: { group: 'sre', afterSeconds: 1_200 } },
    ]);
  });

  it('asks no second group whose yes another policy would not take', () => {
    const stubborn =
      '@id("stubborn") @approval("dba") permit (principal, action == Action::"sql:update", resource) when { context.approvals.contains("dba") };';
    const decision = engineOf(policy('@approval("dba") @escalate("sre")', EITHER), stubborn).decide(
      bot,
      orders,
      [effect('sql:update')],
      quiet,
    );
    expect(decision).toMatchObject({ verdict: 'approval', asks: [{ group: 'dba' }] });
    expect(JSON.stringify(decision)).not.toContain('escalation');
  });

  it.each([
    ['@quorum("2")', DBA, 'there is no @approval'],
    ['@escalate("sre")', DBA, 'there is no @approval'],
    ['@approval("dba") @escalate_after("1m")', DBA, 'there is no @escalate'],
    ['@approval("dba") @escalate("sre")', DBA, 'alone does not lift'],
    ['@approval("dba") @escalate("sre")', `${DBA} && context.approvals.contains("sre")`, 'alone does not lift'],
    ['@approval("dba") @escalate("sre")', `${DBA} || (${EITHER} && context.unbounded)`, 'alone does not lift'],
    ['@approval("dba") @escalate("dba")', DBA, 'is asked already'],
    ['@approval("dba") @escalate("nobody")', EITHER, 'which is no group'],
    ['@approval("dba") @escalate("empty")', 'context.approvals.containsAny(["dba", "empty"])', 'has 0'],
    ['@approval("dba") @escalate("sre") @expires("10m") @escalate_after("10m")', EITHER, 'past the end'],
    ['@approval("dba, security") @escalate("sre")', EITHER, 'one group'],
    ['@approval("dba") @denials("0")', DBA, '@denials is a whole number'],
    ['@approval("dba") @denials("4")', DBA, 'nobody could ever deny'],
    ['@approval("dba") @remind("sometimes")', DBA, '@remind is "on" or "off"'],
  ])('is refused at load: %s', (annotations, unless, fault) => {
    expect(faultsOf(PERMIT_WRITE, policy(annotations, unless))).toContain(fault);
  });

  it.each([
    [EITHER],
    [`${DBA} || context.approvals.contains("sre")`],
    [`(${EITHER}) && context.reason != ""`],
    [`if context.unbounded then context.approvals.contains("security") else ${EITHER}`],
  ])('takes any condition that the second group lifts as the first does: %s', (unless) => {
    expect(faultsOf(PERMIT_WRITE, policy('@approval("dba") @escalate("sre")', unless))).toBe('no fault');
  });
});

describe('break-glass in a policy', () => {
  const BREAK = 'context.breakGlass && principal in Group::"ci"';
  const decide = (breakGlass: boolean, ...policies: string[]) =>
    engineOf(PERMIT_WRITE, ...policies).decide(bot, orders, [effect('sql:update')], { ...quiet, breakGlass }).verdict;

  it('lets the named group through, and only when it is asked for', () => {
    const breakable = policy('@approval("dba")', `${DBA} || (${BREAK})`);
    expect([decide(true, breakable), decide(false, breakable)]).toEqual(['allow', 'approval']);
    const others = policy('@approval("dba")', `${DBA} || (context.breakGlass && principal in Group::"support")`);
    expect(decide(true, others)).toBe('approval');
  });

  it('lets nothing through that no policy says so of', () => {
    expect(decide(true, policy('@approval("dba")', DBA))).toBe('approval');
  });

  it('may be forbidden by any policy', () => {
    const breakable = policy('@approval("dba")', `${DBA} || (${BREAK})`);
    const never =
      '@id("never") forbid (principal, action, resource in Connection::"orders") when { context.breakGlass };';
    expect([decide(true, breakable, never), decide(false, breakable, never)]).toEqual(['block', 'approval']);
  });

  it.each([
    ['', BREAK, 'what nobody is asked about'],
    ['@approval("dba")', `${DBA} || context.breakGlass`, 'open here to every agent'],
    ['@approval("dba")', `${DBA} || (context.breakGlass && context.reason != "")`, 'open here to every agent'],
    ['@approval("dba")', `${DBA} || (context.breakGlass && !(principal in Group::"ci"))`, 'open here to every agent'],
    [
      '@approval("dba")',
      `${DBA} || (${BREAK} || (context.breakGlass && context.unbounded))`,
      'open here to every agent',
    ],
    ['@approval("dba")', `${DBA} || (context.breakGlass == true && principal in Group::"ci")`, 'cannot be checked'],
  ])('is refused at load: %s unless %s', (annotations, unless, fault) => {
    expect(faultsOf(PERMIT_WRITE, policy(annotations, unless))).toContain(fault);
  });

  it('may be open in a permit that is for one group in the first place', () => {
    const permit = (scope: string) =>
      `@id("p") @approval("dba") permit (${scope}, action in Action::"write", resource) when { ${DBA} || context.breakGlass };`;
    expect(faultsOf(permit('principal in Group::"ci"'))).toBe('no fault');
    expect(faultsOf(permit('principal'))).toContain('open here to every agent');
  });
});
