import { describe, expect, it } from 'vitest';
import { engineOf, faultsOf, PERMIT_READ } from './world.ts';

const permit = (condition: string, annotations = '@id("x")') =>
  `${annotations} permit (principal, action in Action::"read", resource) ${condition};`;
const asking = (annotations: string, condition = 'unless { context.approvals.contains("dba") }') =>
  `@id("x") ${annotations} forbid (principal, action in Action::"write", resource) ${condition};`;

describe('a policy set is refused when', () => {
  it.each([
    ['a policy has no @id', 'permit (principal, action, resource);', 'policies/p0.cedar:1:1 every policy needs an @id'],
    ['an @id has no text', '@id permit (principal, action, resource);', 'every policy needs an @id'],
    ['an @id is not plain', '@id("Über uns") permit (principal, action, resource);', '@id is lower-case letters'],
    [
      'an @id is used twice',
      `${PERMIT_READ}\n\n  ${PERMIT_READ}`,
      'policies/p0.cedar:3:3 @id("read"): this id is already taken at policies/p0.cedar:1',
    ],
    ['an annotation is unknown', permit('', '@id("x") @aproval("dba")'), 'unknown annotation @aproval'],
    ['an annotation stands twice', permit('', '@id("x") @id("y")'), 'duplicate annotation'],
    ['it is not Cedar', '// fine\npermit (principal, action, resource) when { context. };', 'policies/p0.cedar:2'],
    [
      'the last policy is not ended',
      `${PERMIT_READ} @id("y") permit (principal, action, resource)`,
      'policies/p0.cedar:1',
    ],
    ['it is a template', '@id("x") permit (principal == ?principal, action, resource);', 'template'],
    ['there is no policy at all', '// nothing here; really\n', 'there is no policy'],
    [
      'an action does not exist',
      '@id("x") permit (principal, action == Action::"sql:selekt", resource);',
      'sql:selekt',
    ],
    ['an attribute does not exist', permit('when { context.unbound }'), 'unbound'],
    ['a type does not fit', permit('when { context.rows == "many" }'), '@id("x")'],
    ['an entity type does not exist', '@id("x") permit (principal is Robot, action, resource);', 'Robot'],
    ['a policy can never apply', permit('when { context.unbounded && !context.unbounded && false }'), 'impossible'],
    [
      'a connection does not exist',
      '@id("x") forbid (principal, action, resource in Connection::"order");',
      'names a connection that the configuration does not have',
    ],
    [
      'a connection in a condition does not exist',
      permit('when { resource in Connection::"order" }'),
      'names a connection',
    ],
    [
      'an environment does not exist',
      '@id("x") forbid (principal, action, resource in Environment::"prod");',
      'names an environment',
    ],
    ['a group does not exist', '@id("x") permit (principal in Group::"cl", action, resource);', 'names a group'],
    [
      'a schema is of no connection',
      '@id("x") permit (principal, action, resource in Schema::"public");',
      'ids begin with "CONNECTION/"',
    ],
    ['an agent is of no issuer', '@id("x") permit (principal == Agent::"bot", action, resource);', 'names an issuer'],
    ['@approval names no group', asking('@approval("dbas")'), '@approval names "dbas", which is no group'],
    [
      '@approval is not what the condition asks',
      asking('@approval("sre")'),
      'the condition never asks whether "sre" approved',
    ],
    [
      '@approval stands on a policy that never asks',
      asking('@approval("dba")', 'when { context.unbounded }'),
      'the condition never asks',
    ],
    [
      'the condition asks a group that does not exist',
      asking('@approval("dba")', 'unless { context.approvals.containsAny(["dba", "dbb"]) }'),
      '"dbb", which is no group',
    ],
    [
      'the group has nobody',
      asking('@approval("empty")', 'unless { context.approvals.contains("empty") }'),
      'which has 0 people',
    ],
    [
      'the quorum is more than the group',
      asking('@approval("dba") @quorum("4")'),
      'wants 4 of "dba", which has 3 people',
    ],
    ['a quorum is zero', asking('@approval("dba") @quorum("0")'), '@quorum is a whole number'],
    ['a quorum is eleven', asking('@approval("dba") @quorum("11")'), '@quorum is a whole number'],
    ['an expiry has no unit', asking('@approval("dba") @expires("30")'), 'a duration is a whole number and a unit'],
    ['an expiry is too short', asking('@approval("dba") @expires("9s")'), '@expires lies between'],
    ['an expiry is too long', asking('@approval("dba") @expires("25h")'), '@expires lies between'],
    ['a quorum stands alone', asking('@quorum("1")'), 'there is no @approval'],
    ['a message is empty', permit('', '@id("x") @message("")'), '@message is empty'],
    [
      'an approval would forbid',
      '@id("x") forbid (principal, action, resource) when { context.approvals.contains("dba") };',
      'an approval would forbid',
    ],
    [
      'an approval would take a permit away',
      permit('unless { context.approvals.contains("dba") }'),
      'an approval would forbid',
    ],
    [
      'approvals are asked behind a negation',
      permit('when { !(context.approvals.contains("dba")) }'),
      'an approval would forbid',
    ],
    ['approvals are compared', permit('when { context.approvals == ["dba"] }'), 'may only be asked with'],
    ['approvals are asked for being empty', permit('when { context.approvals.isEmpty() }'), 'may only be asked with'],
    [
      'approvals decide between two branches',
      permit('when { if context.approvals.contains("dba") then true else context.unbounded }'),
      'may only be asked with',
    ],
    [
      'the group asked is not written out',
      permit('when { context.approvals.contains(context.reason) }'),
      'must be written out',
    ],
    [
      'brackets are nested too deep',
      permit(`when { ${'('.repeat(3_000)}true${')'.repeat(3_000)} }`),
      'nests brackets deeper',
    ],
    [
      'too many operators',
      permit(`when { ${Array(5_000).fill('1==1').join('&&')} }`),
      'longer than|more than 256 operators',
    ],
    [
      'a policy is longer than a person reads',
      permit(`when { context.reason == "${'a'.repeat(20_000)}" }`),
      'longer than',
    ],
    ['half a character stands in it', permit('when { context.reason == "\ud800" }'), 'lone surrogate'],
    ['letters look like others', permit('when { context.reason == "pаypal" }'), 'mixed'],
    ['text turns direction', permit('when { context.reason == "a\u202eb" }'), 'BIDI'],
  ])('%s', (_, text, expected) => {
    expect(faultsOf(text)).toMatch(
      new RegExp(expected.includes('|') ? expected : expected.replace(/[.*+?^${}()[\]\\]/g, '\\$&')),
    );
  });

  it('says everything that is wrong at once, in every file', () => {
    const said = faultsOf('permit (principal, action, resource);', PERMIT_READ, 'oops');
    expect(said).toContain('policies/p0.cedar:1:1');
    expect(said).toContain('policies/p2.cedar:1:');
  });
});

describe('a policy set is accepted with', () => {
  it.each([
    [
      'semicolons and braces in strings and comments',
      '@id("x") @message("a; b } // c \\" d") permit (principal, action, resource); // permit (principal; \n',
    ],
    [
      'brackets and operators up to the bounds',
      permit(`when { ${'('.repeat(29)}true${')'.repeat(29)} && ${Array(120).fill('context.unbounded').join(' || ')} }`),
    ],
    ['a carriage return that ends a comment', '// note\r@id("x") permit (principal, action, resource);'],
    [
      'tags and sets',
      permit(
        'when { principal.hasTag("repository_id") && principal.getTag("repository_id") == "7" && resource.columns.containsAll(["id"]) }',
      ),
    ],
  ])('%s', (_, text) => {
    expect(engineOf(text).policyIds).toEqual(['x']);
  });

  it('still judges after hostile texts were refused', () => {
    for (const bracket of ['(', '[', '!', '-', 'if true then ']) faultsOf(permit(`when { ${bracket.repeat(4_000)} }`));
    expect(engineOf(PERMIT_READ).policyIds).toEqual(['read']);
  });
});

describe('the policy version', () => {
  it('is the same for the same policies, in whatever file and order they stand', () => {
    const other = '@id("b") permit (principal, action in Action::"write", resource);';
    expect(engineOf(PERMIT_READ, other).version).toBe(engineOf(`${other}\n// a note\n${PERMIT_READ}`).version);
  });

  it('changes with a single letter of a policy', () => {
    expect(engineOf(PERMIT_READ).version).not.toBe(engineOf(PERMIT_READ.replace('"read"', '"reads"')).version);
  });
});
