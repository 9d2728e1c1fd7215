import { describe, expect, it } from 'vitest';
import { issuerSchema } from '../../shared/contracts/config/issuer.ts';
import type { Agent } from '../../shared/domain/caller.ts';
import { stillTrusted } from '../../shared/identity/still-trusted.ts';

const rule = { name: 'deployer', claims: { repository_id: '71', environment: 'live' }, groups: ['ci'], owner: 'olga' };
const issuers = (rules: object[], more: object = {}) => [
  issuerSchema.parse({
    name: 'forge',
    for: 'agents',
    url: 'https://forge.example',
    audience: 'countersign',
    rules,
    ...more,
  }),
];
const agent: Agent = {
  kind: 'agent',
  issuer: 'forge',
  issuerUrl: 'https://forge.example',
  subject: 'repo:acme/shop',
  name: 'deployer',
  groups: ['ci'],
  owner: 'olga',
  act: [],
  claims: { repository_id: '71', environment: 'live' },
};

describe('an agent that asked earlier', () => {
  it('is the same under the same rules', () => {
    expect(stillTrusted(issuers([rule]), agent)).toEqual(agent);
  });

  it('has the groups and the owner of the rule as it is now', () => {
    const now = { ...rule, groups: ['reporting'], owner: 'piotr' };
    expect(stillTrusted(issuers([now]), agent)).toMatchObject({ groups: ['reporting'], owner: 'piotr' });
    const { owner, ...ownerless } = rule;
    expect(stillTrusted(issuers([ownerless]), agent)).not.toHaveProperty('owner');
  });

  it('keeps groups that its token stated, while its issuer may state any', () => {
    const stated = { ...agent, groups: ['ci', 'stated'] };
    expect(stillTrusted(issuers([rule], { groupsClaim: 'groups' }), stated)?.groups).toEqual(['ci', 'stated']);
    expect(stillTrusted(issuers([rule]), stated)?.groups).toEqual(['ci']);
  });

  it.each([
    ['its rule is gone', issuers([{ ...rule, name: 'another' }])],
    ['its rule wants another value', issuers([{ ...rule, claims: { repository_id: '72', environment: 'live' } }])],
    ['its rule wants one claim more', issuers([{ ...rule, claims: { ...rule.claims, ref: 'main' } }])],
    ['its rule wants one claim less', issuers([{ ...rule, claims: { repository_id: '71' } }])],
    ['its issuer moved', issuers([rule], { url: 'https://forge.test' })],
    ['its issuer has another name', issuers([rule], { name: 'smithy' })],
  ])('is nobody when %s', (_, now) => {
    expect(stillTrusted(now, agent)).toBeUndefined();
  });

  it('is nobody when its issuer speaks for people now', () => {
    const people = issuerSchema.parse({
      name: 'forge',
      for: 'people',
      url: 'https://forge.example',
      audience: 'countersign',
    });
    expect(stillTrusted([people], agent)).toBeUndefined();
  });
});
