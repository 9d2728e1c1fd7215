import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../shared/identity/authenticator.ts';
import { describeRefusal } from '../../shared/identity/describe-refusal.ts';
import { createIssuerKeys } from '../../shared/identity/keys/issuer-keys.ts';
import { forge } from './forge.ts';
import {
  NOW,
  AUDIENCE,
  ALGORITHMS,
  agents,
  persons,
  stranger,
  authenticator,
  clock,
  pair,
  issuers,
  groups,
  people,
  claims,
  header,
  agentToken,
  personToken,
  authenticate,
  travel,
  inThisWorld,
} from './world.ts';

inThisWorld();

describe('a genuine token', () => {
  it.each(ALGORITHMS)('signed with %s makes the agent that its rule trusts', async (alg) => {
    const token = forge(
      pair(alg),
      { alg, kid: `key-${alg}` },
      claims({ act: { sub: 'runner', act: { iss: 'https://idp', sub: 'ann' } } }),
    );
    expect(await authenticate(token)).toEqual({
      ok: true,
      value: {
        kind: 'agent',
        issuer: 'ci',
        issuerUrl: agents.url,
        subject: 'repo:acme/orders',
        name: 'orders-ci',
        groups: ['ci'],
        owner: 'lead',
        act: [
          { issuer: agents.url, subject: 'runner' },
          { issuer: 'https://idp', subject: 'ann' },
        ],
        claims: { repository_id: '610201', environment: 'production' },
      },
    });
  });

  it('of an issuer of people makes the person that its subject is', async () => {
    expect(await authenticate(personToken())).toMatchObject({
      ok: true,
      value: { kind: 'person', id: 'dba-1', identities: [{ issuer: persons.url, subject: '00u-dba-1' }, {}, {}] },
    });
  });

  it.each([
    ['a list of audiences that holds ours', { aud: ['other', AUDIENCE] }],
    ['a start that is within tolerance', { nbf: NOW + 30, iat: NOW + 30 }],
    ['the longest life that is allowed', { iat: NOW, exp: NOW + 3_600 }],
    ['a last second to live', { exp: NOW + 1 }],
    ['five actors', { act: { sub: '1', act: { sub: '2', act: { sub: '3', act: { sub: '4', act: { sub: '5' } } } } } }],
    ['a subject of 255 characters', { sub: 'a'.repeat(255) }],
    ['an id that is a number', { project_id: '42', protected: true, repository_id: undefined }],
    ['a claim inside another', { 'kubernetes.io': { serviceaccount: { uid: 'uid-1' } }, repository_id: undefined }],
  ])('is taken with %s', async (_what, more) => {
    expect(await authenticate(agentToken(more))).toMatchObject({ ok: true });
  });

  it.each([undefined, 'JWT', 'jwt', 'application/JWT', 'at+jwt', 'AT+JWT', 'application/at+jwt'])(
    'is taken with typ %s',
    async (typ) => {
      expect(await authenticate(agentToken({}, { typ }))).toMatchObject({ ok: true });
    },
  );

  it('adds the stated groups that configuration knows, and no others', async () => {
    const caller = await authenticate(agentToken({ groups: ['reporting', 'Domain Admins', 'ci'] }));
    expect(caller).toMatchObject({ ok: true, value: { groups: ['ci', 'reporting'] } });
  });

  it.each(['Bearer', 'bearer', 'BEARER'])('is taken behind the scheme %s', async (scheme) => {
    expect(await authenticator.authenticate(`${scheme} ${agentToken()}`)).toMatchObject({ ok: true });
  });
});

describe('agents and people', () => {
  it('stay apart: a token of an agents’ issuer is no person, whatever subject it has', async () => {
    for (const sub of ['00u-dba-1', 'sub-in-ci']) {
      expect(await authenticate(agentToken({ sub }))).toMatchObject({ ok: true, value: { kind: 'agent' } });
      const untrusted = await authenticate(agentToken({ sub, repository_id: undefined }));
      expect(untrusted).toMatchObject({ ok: false, error: { kind: 'not_trusted' } });
    }
  });

  it('stay apart: a token of people’s issuer is no agent, whatever claims it has', async () => {
    const token = personToken({ sub: 'nobody', repository_id: '610201', environment: 'production' });
    expect(await authenticate(token)).toMatchObject({ ok: false, error: { kind: 'unknown_person', issuer: 'people' } });
  });

  it('an identity that two persons claim belongs to neither', async () => {
    expect(await authenticate(personToken({ sub: 'shared' }))).toMatchObject({
      ok: false,
      error: { kind: 'unknown_person' },
    });
  });

  it('nobody votes with a token that says somebody else acts for the person', async () => {
    const token = personToken({ act: { sub: 'agent' } });
    expect(await authenticate(token)).toMatchObject({ ok: false, error: { kind: 'malformed_claim', claim: 'act' } });
  });
});

describe('what was verified is remembered', () => {
  it('so that the issuer is asked once and the signature checked once', async () => {
    const before = agents.requests.length;
    const token = agentToken();
    const [first, second] = [await authenticate(token), await authenticate(token)];
    expect(second).toEqual(first);
    expect(agents.requests.length - before).toBe(2);
  });

  it('no longer than the token lives', async () => {
    const token = agentToken({ exp: NOW + 60 });
    expect(await authenticate(token)).toMatchObject({ ok: true });
    travel(NOW + 60);
    expect(await authenticate(token)).toMatchObject({ ok: false, error: { kind: 'expired' } });
  });

  it('and not past a clock that jumped back before the token began', async () => {
    const token = agentToken();
    expect(await authenticate(token)).toMatchObject({ ok: true });
    travel(NOW - 3_600);
    expect(await authenticate(token)).toMatchObject({ ok: false, error: { kind: 'not_yet_valid' } });
  });

  it('and a token that differs in its signature alone is another one', async () => {
    const token = agentToken();
    expect(await authenticate(token)).toMatchObject({ ok: true });
    const [head = '', body = ''] = token.split('.');
    const forged = `${head}.${body}.${Buffer.alloc(64, 1).toString('base64url')}`;
    expect(await authenticate(forged)).toMatchObject({ ok: false, error: { kind: 'bad_signature' } });
  });
});

describe('a refusal', () => {
  it('tells when a token expired and which audience was expected, and nothing about a bad signature', async () => {
    const say = async (token: string) => {
      const result = await authenticate(token);
      return result.ok ? expect.fail('was taken') : describeRefusal(result.error);
    };
    expect((await say(agentToken({ iat: NOW - 100, exp: NOW - 50 }))).detail).toContain(
      new Date((NOW - 50) * 1_000).toISOString(),
    );
    expect((await say(agentToken({ aud: 'x' }))).detail).toContain('`countersign`');
    expect(await say(forge(stranger, header(), claims()))).toEqual({
      status: 401,
      code: 'bad_signature',
      detail: 'The signature of the token does not verify.',
      challenge: 'Bearer realm="countersign", error="invalid_token", error_description="bad_signature"',
    });
    expect(await say(agentToken({ repository_id: '1' }))).toMatchObject({ status: 403, code: 'not_trusted' });
  });

  it('of a missing token challenges without an error, as RFC 6750 asks', () => {
    expect(describeRefusal({ kind: 'missing_token' }).challenge).toBe('Bearer realm="countersign"');
  });
});

it('two issuers of one URL are a mistake that stops the start', () => {
  const [first] = issuers();
  const twice = [first, first].flatMap((issuer) => issuer ?? []);
  const keys = createIssuerKeys({ clock, get: fetch });
  expect(() => createAuthenticator({ issuers: twice, people, groups, clock, keys })).toThrow('share one URL');
});
