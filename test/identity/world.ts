import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { issuerSchema, type Issuer } from '../../shared/contracts/config/issuer.ts';
import { groupSchema, personSchema } from '../../shared/contracts/config/people.ts';
import type { Algorithm } from '../../shared/identity/algorithms.ts';
import { createAuthenticator, type Authenticator } from '../../shared/identity/authenticator.ts';
import { createIssuerKeys } from '../../shared/identity/keys/issuer-keys.ts';
import { forge, makePair, startIssuer, type IssuerServer, type Pair } from './forge.ts';

/** Issuers, keys, people and an authenticator over them, fresh for each test; three real HTTP servers publish the keys. */
export const NOW = 1_790_000_000;
export const AUDIENCE = 'countersign';
export const ALGORITHMS: Algorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];
export const pairs = new Map<Algorithm, Pair>();
export let agents: IssuerServer;
export let persons: IssuerServer;
export let access: IssuerServer;
export let stranger: Pair;
export let authenticator: Authenticator;
let at = NOW;
/** Sets the clock, in seconds since 1970. Each test begins at NOW. */
export const travel = (seconds: number) => {
  at = seconds;
};
export const clock = () => new Date(at * 1_000);

export const pair = (alg: Algorithm = 'ES256') => pairs.get(alg) ?? expect.fail(`no key for ${alg}`);

/** To be called by each file: hooks belong to the file that is being loaded, and modules may be shared by several. */
export function inThisWorld(): void {
  beforeAll(openWorld, 60_000);
  afterAll(() => Promise.all([agents.close(), persons.close(), access.close()]));
  beforeEach(freshAuthenticator);
}

async function openWorld(): Promise<void> {
  for (const alg of ALGORITHMS) pairs.set(alg, await makePair(alg, `key-${alg}`));
  stranger = await makePair('ES256', 'key-ES256');
  const keys = [...pairs.values()].map(({ publicJwk }) => publicJwk);
  [agents, persons, access] = await Promise.all([startIssuer(keys), startIssuer(keys), startIssuer(keys)]);
}

export function issuers(): Issuer[] {
  return [
    issuerSchema.parse({
      name: 'ci',
      for: 'agents',
      url: agents.url,
      audience: AUDIENCE,
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      groupsClaim: 'groups',
      rules: [
        { name: 'pod', claims: { '/kubernetes.io/serviceaccount/uid': 'uid-1' }, groups: ['pods'] },
        {
          name: 'orders-ci',
          claims: { repository_id: '610201', environment: 'production' },
          groups: ['ci'],
          owner: 'lead',
        },
        { name: 'numbers', claims: { project_id: 42, protected: true } },
      ],
    }),
    issuerSchema.parse({ name: 'people', for: 'people', url: persons.url, audience: AUDIENCE }),
    issuerSchema.parse({ name: 'strict', for: 'people', url: access.url, audience: AUDIENCE, accessTokensOnly: true }),
  ];
}

export const groups = ['ci', 'pods', 'reporting'].map((name) => groupSchema.parse({ name }));
export const people = [
  personSchema.parse({
    id: 'dba-1',
    name: 'Dana Berg',
    groups: ['dba'],
    identities: [
      { issuer: 'people', subject: '00u-dba-1' },
      { issuer: 'strict', subject: 'strict-dba-1' },
      { issuer: 'ci', subject: 'sub-in-ci' },
    ],
  }),
  personSchema.parse({ id: 'twin-1', name: 'A', identities: [{ issuer: 'people', subject: 'shared' }] }),
  personSchema.parse({ id: 'twin-2', name: 'B', identities: [{ issuer: 'people', subject: 'shared' }] }),
];

function freshAuthenticator(): void {
  at = NOW;
  authenticator = createAuthenticator({
    issuers: issuers(),
    people,
    groups,
    clock,
    keys: createIssuerKeys({ clock, get: fetch }),
  });
}

export const claims = (more: Record<string, unknown> = {}) => ({
  iss: agents.url,
  sub: 'repo:acme/orders',
  aud: AUDIENCE,
  iat: NOW - 10,
  exp: NOW + 600,
  repository_id: '610201',
  environment: 'production',
  ...more,
});
export const header = (more: Record<string, unknown> = {}) => ({ alg: 'ES256', kid: 'key-ES256', typ: 'JWT', ...more });
export const agentToken = (more: Record<string, unknown> = {}, head: Record<string, unknown> = {}) =>
  forge(pair(), header(head), claims(more));
export const personToken = (more: Record<string, unknown> = {}, head: Record<string, unknown> = {}) =>
  forge(pair(), header(head), { iss: persons.url, sub: '00u-dba-1', aud: AUDIENCE, iat: NOW, exp: NOW + 60, ...more });

export const authenticate = (token: string) => authenticator.authenticate(`Bearer ${token}`);
export const without = (object: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
