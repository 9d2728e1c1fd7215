import { describe, expect, it } from 'vitest';
import { issuerSchema } from '../../shared/contracts/config/issuer.ts';
import { personSchema } from '../../shared/contracts/config/people.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const GITLAB = 'https://gitlab.com';
const EKS = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
const OTHER = 'https://idp.example.com/tenant';

/** Messages of the faults that loading finds in an issuer, with their place. */
function faultsOf(issuer: object): string[] {
  const parsed = issuerSchema.safeParse({ name: 'ci', for: 'agents', audience: 'countersign', ...issuer });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
const ruleFaults = (url: string, claims: object) => faultsOf({ url, rules: [{ name: 'a', claims }] });

describe('a trust rule is taken when it stands on what cannot be registered again', () => {
  it.each<[string, object]>([
    [GITHUB, { repository_id: '1' }],
    [GITHUB, { repository_id: 1, ref: 'refs/heads/main' }],
    [GITHUB, { repository_owner_id: '1', job_workflow_ref: 'acme/ci/.github/workflows/a.yml@refs/heads/main' }],
    [GITHUB, { repository_owner_id: '1', environment: 'production' }],
    ['https://ghes.example.com/_services/token', { repository_id: '1' }],
    [GITLAB, { project_id: '1', ref_protected: 'true' }],
    [GITLAB, { namespace_id: '1', environment: 'production' }],
    [EKS, { '/kubernetes.io/serviceaccount/uid': 'b1e0' }],
    [EKS, { sub: 'system:serviceaccount:agents:claude' }],
    [OTHER, { sub: 'client-7' }],
    [OTHER, { repository_id: '1' }],
  ])('%s %j', (url, claims) => {
    expect(ruleFaults(url, claims)).toEqual([]);
  });
});

describe('a trust rule is refused at load, naming the field and the remedy,', () => {
  it.each<[string, string, object, RegExp]>([
    ['without claims', GITHUB, {}, /rules\.0\.claims: .*\(nothing\); add repository_id/],
    ['on a name at GitHub', GITHUB, { repository: 'acme/orders' }, /rules\.0\.claims: .*repository.*add repository_id/],
    ['on a subject of names at GitHub', GITHUB, { sub: 'repo:acme/orders:ref:refs/heads/main' }, /add repository_id/],
    ['on a whole owner', GITHUB, { repository_owner_id: '1' }, /together with job_workflow_ref or environment/],
    [
      'on a whole owner by workflow name alone',
      GITHUB,
      { job_workflow_ref: 'acme/ci/a.yml@main' },
      /add repository_id/,
    ],
    ['on another provider’s id', GITHUB, { project_id: '1' }, /add repository_id/],
    ['on a path at GitLab', GITLAB, { project_path: 'acme/orders', ref: 'main' }, /add project_id/],
    [
      'on a subject of names at GitLab',
      GITLAB,
      { sub: 'project_path:acme/orders:ref_type:branch:ref:main' },
      /project_id/,
    ],
    ['on a namespace name', EKS, { '/kubernetes.io/namespace': 'agents' }, /serviceaccount\/uid/],
    ['on an e-mail address', OTHER, { email: 'ci@acme.example' }, /add an exact sub/],
    [
      'on a subject of names at a self-hosted provider',
      OTHER,
      { sub: 'project_path:acme/orders:ref:main' },
      /exact sub/,
    ],
    ['on an id that is only true', OTHER, { sub: true }, /exact sub/],
    [
      'with a star in a value',
      GITHUB,
      { repository_id: '1', ref: 'refs/heads/*' },
      /rules\.0\.claims\.ref: .*wildcard.*exactly/,
    ],
    ['with a star alone', OTHER, { sub: '*' }, /wildcard/],
    ['with a question mark', OTHER, { sub: 'client-?' }, /wildcard/],
    ['with a star in a claim’s name', GITHUB, { 'repository_*': '1' }, /wildcards are not understood/],
    ['with a number that lost digits', OTHER, { sub: 2 ** 60 }, /write the id in quotes/],
    ['with a fraction for an id', OTHER, { sub: 1.5 }, /write the id in quotes/],
    ['with an empty value', OTHER, { sub: '' }, /rules\.0\.claims\.sub/],
  ])('%s', (_what, url, claims, message) => {
    expect(ruleFaults(url, claims).join('\n')).toMatch(message);
  });

  it('when a rule above it always matches first', () => {
    const rules = [
      { name: 'wide', claims: { repository_id: 1 } },
      { name: 'narrow', claims: { repository_id: '1', environment: 'production' } },
    ];
    expect(faultsOf({ url: GITHUB, rules })).toEqual([expect.stringMatching(/^rules\.1: .*"narrow" is never reached/)]);
    expect(faultsOf({ url: GITHUB, rules: rules.toReversed() })).toEqual([]);
  });

  it('when two rules share a name', () => {
    const rules = [
      { name: 'a', claims: { repository_id: '1' } },
      { name: 'a', claims: { repository_id: '2' } },
    ];
    expect(faultsOf({ url: GITHUB, rules })).toEqual([expect.stringMatching(/^rules\.1\.name: .*twice/)]);
  });
});

describe('an issuer is refused at load', () => {
  const rules = [{ name: 'a', claims: { repository_id: '1' } }];
  it.each<[string, object, RegExp]>([
    ['over plain http', { url: 'http://idp.example.com', rules }, /url: .*https/],
    ['over http at a host named like loopback', { url: 'http://localhost.evil.example', rules }, /https/],
    ['with a query', { url: 'https://idp.example.com?tenant=1', rules }, /no query/],
    ['with a user', { url: 'https://a:b@idp.example.com', rules }, /no query, fragment or user/],
    ['with a wildcard audience', { url: OTHER, audience: 'countersign-*', rules }, /audience is exact/],
    ['with another service’s audience', { url: GITHUB, audience: 'sts.amazonaws.com', rules }, /another service/],
    ['with a symmetric algorithm', { url: OTHER, algorithms: ['HS256'], rules }, /algorithms/],
    ['with the algorithm none', { url: OTHER, algorithms: ['none'], rules }, /algorithms/],
    ['with tokens that live for a week', { url: OTHER, maxTokenSeconds: 604_800, rules }, /maxTokenSeconds/],
    ['for agents without rules', { url: OTHER, rules: [] }, /rules/],
    ['for people with rules', { for: 'people', url: OTHER, rules }, /rules/],
  ])('%s', (_what, issuer, message) => {
    expect(faultsOf(issuer).join('\n')).toMatch(message);
  });
});

it.each(['*', 'okta|*', '', ' a', 'a\n', 'a\u200B'])('a person is never known by the subject %j', (subject) => {
  const parsed = personSchema.safeParse({ id: 'a', name: 'A', identities: [{ issuer: 'people', subject }] });
  expect(parsed.success).toBe(false);
});
