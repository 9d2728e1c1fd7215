import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issuerSchema, type Issuer } from '../../shared/contracts/config/issuer.ts';
import { groupSchema, personSchema } from '../../shared/contracts/config/people.ts';
import type { Algorithm } from '../../shared/identity/algorithms.ts';
import { createAuthenticator, type Authenticator } from '../../shared/identity/authenticator.ts';
import { describeRefusal } from '../../shared/identity/describe-refusal.ts';
import { createIssuerKeys } from '../../shared/identity/keys/issuer-keys.ts';
import { b64, forge, makePair, startIssuer, type IssuerServer, type Pair } from './forge.ts';

const NOW = 1_790_000_000;
const AUDIENCE = 'countersign';
const ALGORITHMS: Algorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const pairs = new Map<Algorithm, Pair>();
let agents: IssuerServer;
let persons: IssuerServer;
let access: IssuerServer;
let stranger: Pair;
let authenticator: Authenticator;
let at = NOW;
const clock = () => new Date(at * 1_000);

const pair = (alg: Algorithm = 'ES256') => pairs.get(alg) ?? expect.fail(`no key for ${alg}`);

beforeAll(async () => {
  for (const alg of ALGORITHMS) pairs.set(alg, await makePair(alg, `key-${alg}`));
  stranger = await makePair('ES256', 'key-ES256');
  const keys = [...pairs.values()].map(({ publicJwk }) => publicJwk);
  [agents, persons, access] = await Promise.all([startIssuer(keys), startIssuer(keys), startIssuer(keys)]);
}, 60_000);
afterAll(() => Promise.all([agents.close(), persons.close(), access.close()]));

function issuers(): Issuer[] {
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

const groups = ['ci', 'pods', 'reporting'].map((name) => groupSchema.parse({ name }));
const people = [
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

beforeEach(() => {
  at = NOW;
  authenticator = createAuthenticator({
    issuers: issuers(),
    people,
    groups,
    clock,
    keys: createIssuerKeys({ clock, get: fetch }),
  });
});

const claims = (more: Record<string, unknown> = {}) => ({
  iss: agents.url,
  sub: 'repo:acme/orders',
  aud: AUDIENCE,
  iat: NOW - 10,
  exp: NOW + 600,
  repository_id: '610201',
  environment: 'production',
  ...more,
});
const header = (more: Record<string, unknown> = {}) => ({ alg: 'ES256', kid: 'key-ES256', typ: 'JWT', ...more });
const agentToken = (more: Record<string, unknown> = {}, head: Record<string, unknown> = {}) =>
  forge(pair(), header(head), claims(more));
const personToken = (more: Record<string, unknown> = {}, head: Record<string, unknown> = {}) =>
  forge(pair(), header(head), { iss: persons.url, sub: '00u-dba-1', aud: AUDIENCE, iat: NOW, exp: NOW + 60, ...more });

const authenticate = (token: string) => authenticator.authenticate(`Bearer ${token}`);
const without = (object: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

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

describe('an Authorization header is refused', () => {
  const cases: [string, () => string | undefined, string][] = [
    ['when it is missing', () => undefined, 'missing_token'],
    ['when it is empty', () => '', 'missing_token'],
    ['with another scheme', () => 'Basic YTpi', 'malformed_header'],
    ['with the scheme alone', () => 'Bearer ', 'malformed_header'],
    ['without a blank', () => `Bearer${agentToken()}`, 'malformed_header'],
    ['with two blanks', () => `Bearer  ${agentToken()}`, 'malformed_header'],
    ['with a tab for the blank', () => `Bearer\t${agentToken()}`, 'malformed_header'],
    ['with two headers joined', () => `Bearer ${agentToken()}, Bearer ${personToken()}`, 'malformed_header'],
    ['with two tokens', () => `Bearer ${agentToken()} ${agentToken()}`, 'malformed_header'],
    ['with a comma, as two headers arrive', () => `Bearer ${agentToken()},${agentToken()}`, 'malformed_header'],
    ['with a newline at the end', () => `Bearer ${agentToken()}\n`, 'malformed_header'],
    ['when it is longer than 8 KiB', () => `Bearer ${'a'.repeat(8_192)}`, 'token_too_large'],
    ['with an opaque token', () => 'Bearer 0123456789abcdef', 'malformed_token'],
    ['with a JWE', () => `Bearer ${agentToken()}.a.b`, 'malformed_token'],
  ];
  it.each(cases)('%s', async (_what, make, kind) => {
    expect(await authenticator.authenticate(make())).toMatchObject({ ok: false, error: { kind } });
  });
});

describe('a token is refused for its form', () => {
  const retouch = (change: (parts: string[]) => string[]) => change(agentToken().split('.')).join('.');
  const cases: [string, () => string][] = [
    ['padding', () => `${agentToken()}==`],
    ['a newline inside', () => retouch(([h = '', p = '', s = '']) => [h, p, `${s.slice(0, 9)}%0A${s.slice(9)}`])],
    ['plain base64 instead of base64url', () => retouch(([h = '', p = '', s = '']) => [h, p, `+/${s.slice(2)}`])],
    ['unused bits set in the last character', () => retouch(([h = '', p = '', s = '']) => [h, p, nextCharacter(s)])],
    ['no signature', () => retouch(([h = '', p = '']) => [h, p, ''])],
    ['two parts', () => retouch(([h = '', p = '']) => [h, p])],
    ['four parts', () => `${agentToken()}.AAAA`],
    ['an empty header', () => retouch(([, p = '', s = '']) => ['', p, s])],
    ['a header that is no object', () => forge(pair(), '["ES256"]', claims())],
    ['a header that is null', () => forge(pair(), 'null', claims())],
    ['a header with a byte order mark', () => forge(pair(), `\uFEFF${JSON.stringify(header())}`, claims())],
    [
      'a header with a duplicate member',
      () => forge(pair(), '{"alg":"none","alg":"ES256","kid":"key-ES256"}', claims()),
    ],
    ['a payload that is no JSON', () => forge(pair(), header(), 'hello')],
    ['a payload that is a list', () => forge(pair(), header(), [claims()])],
    [
      'a payload with a duplicate issuer',
      () => forge(pair(), header(), `{"iss":"https://evil",${JSON.stringify(claims()).slice(1)}`),
    ],
    [
      'a duplicate written with an escape',
      () => forge(pair(), header(), `{"\\u0069ss":"x",${JSON.stringify(claims()).slice(1)}`),
    ],
    [
      'a payload nested a thousand deep',
      () => forge(pair(), header(), `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`),
    ],
    [
      'an expiry that parses to infinity',
      () => forge(pair(), header(), JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999')),
    ],
    ['no kid', () => agentToken({}, { kid: undefined })],
    ['an empty kid', () => agentToken({}, { kid: '' })],
    ['a kid that is a number', () => agentToken({}, { kid: 7 })],
    ['a kid with a newline', () => agentToken({}, { kid: 'key-ES256\n' })],
  ];
  it.each(cases)('%s', async (_what, make) => {
    expect(await authenticate(make())).toMatchObject({ ok: false, error: { kind: 'malformed_token' } });
  });

  /** The last character of 86 carries four unused bits; the next one in the alphabet decodes to the same bytes. */
  function nextCharacter(signature: string): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = `${signature.slice(0, -1)}${alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1] ?? ''}`;
    expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
    return other;
  }
});

describe('a token is refused for its header', () => {
  it.each([
    ['alg none', { alg: 'none' }],
    ['alg NONE', { alg: 'NONE' }],
    ['alg HS256', { alg: 'HS256' }],
    ['alg of another curve', { alg: 'ES384' }],
    ['alg in other letters', { alg: 'es256' }],
    ['no alg', { alg: undefined }],
    ['an alg inherited by every object', { alg: 'toString' }],
    ['jku', { jku: 'https://evil.example/jwks' }],
    ['x5u', { x5u: 'https://evil.example/cert' }],
    ['jwk', { jwk: {} }],
    ['x5c', { x5c: [] }],
    ['crit', { crit: ['exp'] }],
    ['zip', { zip: 'DEF' }],
    ['b64', { b64: false }],
    ['cty', { cty: 'JWT' }],
    ['a logout token', { typ: 'logout+jwt' }],
    ['a DPoP proof', { typ: 'dpop+jwt' }],
    ['a security event', { typ: 'secevent+jwt' }],
    ['an authorization request', { typ: 'oauth-authz-req+jwt' }],
    ['a token exchange assertion', { typ: 'client-authentication+jwt' }],
    ['a typ that is no text', { typ: ['JWT'] }],
    ['an empty typ', { typ: '' }],
    ['a typ of two applications', { typ: 'application/application/jwt' }],
  ])('%s', async (_what, head) => {
    expect(await authenticate(agentToken({}, head))).toMatchObject({ ok: false, error: { kind: 'unsupported_token' } });
  });

  it('an algorithm that its issuer may not use', async () => {
    const token = forge(pair('PS256'), { alg: 'PS256', kid: 'key-PS256' }, { ...claims(), iss: persons.url });
    expect(await authenticate(token)).toMatchObject({ ok: false, error: { kind: 'unsupported_token' } });
  });

  it.each([undefined, 'JWT'])('typ %s where only access tokens are taken', async (typ) => {
    const strict = { iss: access.url, sub: 'strict-dba-1', aud: AUDIENCE, iat: NOW, exp: NOW + 60 };
    const refused = await authenticate(forge(pair(), header({ typ }), strict));
    expect(refused).toMatchObject({ ok: false, error: { kind: 'unsupported_token' } });
    expect(await authenticate(forge(pair(), header({ typ: 'at+jwt' }), strict))).toMatchObject({ ok: true });
  });
});

describe('a token is refused for its issuer or signature', () => {
  const cases: [string, () => string, string][] = [
    ['no issuer', () => forge(pair(), header(), without(claims(), 'iss')), 'unknown_issuer'],
    ['an issuer nobody trusts', () => agentToken({ iss: 'https://evil.example' }), 'unknown_issuer'],
    ['the issuer with a slash more', () => agentToken({ iss: `${agents.url}/` }), 'unknown_issuer'],
    ['the issuer in a list', () => agentToken({ iss: [agents.url] }), 'unknown_issuer'],
    ['the issuer in other letters', () => agentToken({ iss: agents.url.toUpperCase() }), 'unknown_issuer'],
    ['a key that is not published', () => agentToken({}, { kid: 'key-other' }), 'unknown_key'],
    ['a key made for another algorithm', () => agentToken({}, { kid: 'key-RS256' }), 'unknown_key'],
    [
      'RS256 with the key published for PS256',
      () => forge(pair('PS256'), { alg: 'RS256', kid: 'key-PS256' }, claims(), 'RS256'),
      'unknown_key',
    ],
    ['a stranger’s key under a known name', () => forge(stranger, header(), claims()), 'bad_signature'],
    ['a payload that was changed', () => swap(1, b64(claims({ repository_id: '1' }))), 'bad_signature'],
    ['a header that was changed', () => swap(0, b64(header({ extra: 1 }))), 'bad_signature'],
    ['a signature of zeros', () => swap(2, Buffer.alloc(64).toString('base64url')), 'bad_signature'],
    ['a signature in DER', () => swap(2, Buffer.alloc(70, 0x30).toString('base64url')), 'bad_signature'],
    ['HMAC keyed with the public key', hmacToken, 'unsupported_token'],
  ];
  it.each(cases)('%s', async (_what, make, kind) => {
    expect(await authenticate(make())).toMatchObject({ ok: false, error: { kind } });
  });

  const swap = (index: number, part: string) => agentToken().split('.').with(index, part).join('.');
  function hmacToken() {
    const input = `${b64(header({ alg: 'HS256', kid: 'key-RS256' }))}.${b64(claims())}`;
    const key = JSON.stringify(pair('RS256').publicJwk);
    return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  }
});

describe('a genuine token is refused for its claims', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['another audience', { aud: 'sts.amazonaws.com' }, 'wrong_audience'],
    ['an audience that begins like ours', { aud: `${AUDIENCE}-dev` }, 'wrong_audience'],
    ['an audience in other letters', { aud: 'Countersign' }, 'wrong_audience'],
    ['no audience', { aud: undefined }, 'malformed_claim'],
    ['an empty list of audiences', { aud: [] }, 'malformed_claim'],
    ['audiences that are not all text', { aud: [AUDIENCE, 1] }, 'malformed_claim'],
    [
      'eleven audiences',
      { aud: [...Array.from({ length: 10 }, (_, index) => String(index)), AUDIENCE] },
      'malformed_claim',
    ],
    ['an audience that is an object', { aud: { [AUDIENCE]: true } }, 'malformed_claim'],
    ['an expiry that has come', { exp: NOW }, 'expired'],
    ['an expiry long past', { iat: NOW - 1_000, exp: NOW - 500 }, 'expired'],
    ['no expiry', { exp: undefined }, 'malformed_claim'],
    ['an expiry as text', { exp: String(NOW + 600) }, 'malformed_claim'],
    ['a fractional expiry', { exp: NOW + 0.5 }, 'malformed_claim'],
    ['an expiry past all dates', { exp: Number.MAX_SAFE_INTEGER }, 'malformed_claim'],
    ['an expiry of null', { exp: null }, 'malformed_claim'],
    ['an expiry in a hundred years', { exp: NOW + 3_153_600_000 }, 'lives_too_long'],
    ['a life one second too long', { iat: NOW, exp: NOW + 3_601 }, 'lives_too_long'],
    ['no time of issue', { iat: undefined }, 'malformed_claim'],
    ['a negative time of issue', { iat: -1 }, 'malformed_claim'],
    ['a time of issue after the expiry', { iat: NOW + 20, exp: NOW + 10 }, 'malformed_claim'],
    ['a time of issue in the future', { iat: NOW + 31, exp: NOW + 600 }, 'not_yet_valid'],
    ['a time of issue in the future though it began', { nbf: NOW - 10, iat: NOW + 31 }, 'not_yet_valid'],
    ['a start in the future', { nbf: NOW + 31 }, 'not_yet_valid'],
    ['a start as text', { nbf: 'now' }, 'malformed_claim'],
    ['no subject', { sub: undefined }, 'malformed_claim'],
    ['an empty subject', { sub: '' }, 'malformed_claim'],
    ['a subject of 256 characters', { sub: 'a'.repeat(256) }, 'malformed_claim'],
    ['a subject with a newline at the end', { sub: 'a\n' }, 'malformed_claim'],
    ['a subject with NUL', { sub: 'a\u0000b' }, 'malformed_claim'],
    ['a subject that reads backwards', { sub: 'repo:\u202Eacme' }, 'malformed_claim'],
    ['a subject with a blank at the end', { sub: 'a ' }, 'malformed_claim'],
    ['a subject that is a number', { sub: 7 }, 'malformed_claim'],
    ['a subject in a list', { sub: ['a'] }, 'malformed_claim'],
    ['an actor that is text', { act: 'ann' }, 'malformed_claim'],
    ['an actor that is null', { act: null }, 'malformed_claim'],
    ['an actor without a subject', { act: { iss: 'https://idp' } }, 'malformed_claim'],
    ['an actor with a broken issuer', { act: { sub: 'a', iss: 7 } }, 'malformed_claim'],
    [
      'six actors',
      {
        act: {
          sub: '1',
          act: { sub: '2', act: { sub: '3', act: { sub: '4', act: { sub: '5', act: { sub: '6' } } } } },
        },
      },
      'malformed_claim',
    ],
    ['groups that are text', { groups: 'ci' }, 'malformed_claim'],
    ['fifty-one groups', { groups: Array.from({ length: 51 }, (_, index) => `g${String(index)}`) }, 'malformed_claim'],
    ['a group that is no text', { groups: ['ci', 1] }, 'malformed_claim'],
    ['a group with an invisible character', { groups: ['c\u200Bi'] }, 'malformed_claim'],
    ['an empty group', { groups: [''] }, 'malformed_claim'],
    ['a key of its holder', { cnf: { jkt: 'x' } }, 'sender_constrained'],
    ['being a logout token without a typ', { events: {} }, 'malformed_claim'],
    ['another repository', { repository_id: '610202' }, 'not_trusted'],
    ['a repository that is a prefix', { repository_id: '6102010' }, 'not_trusted'],
    ['a repository in a list', { repository_id: ['610201'] }, 'not_trusted'],
    ['half of what its rule asks for', { environment: undefined }, 'not_trusted'],
    ['truth written as text', { repository_id: undefined, project_id: 42, protected: 'true' }, 'not_trusted'],
    [
      'a nested claim flattened',
      { repository_id: undefined, '/kubernetes.io/serviceaccount/uid': 'uid-1' },
      'not_trusted',
    ],
  ])('%s', async (_what, more, kind) => {
    expect(await authenticate(agentToken(more))).toMatchObject({ ok: false, error: { kind } });
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
    at = NOW + 60;
    expect(await authenticate(token)).toMatchObject({ ok: false, error: { kind: 'expired' } });
  });

  it('and not past a clock that jumped back before the token began', async () => {
    const token = agentToken();
    expect(await authenticate(token)).toMatchObject({ ok: true });
    at = NOW - 3_600;
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

describe('whatever is sent', () => {
  const refusedNot = async (sent: string | undefined) => {
    const result = await authenticator.authenticate(sent);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    const answer = describeRefusal(result.error);
    expect([401, 403, 503]).toContain(answer.status);
    expect(answer.detail).toMatch(/\.$/);
    // What stands in WWW-Authenticate must be a quoted-string of RFC 9110: one line, printable.
    if (answer.challenge !== undefined) expect(answer.challenge).toMatch(/^[\x20-\x7e]+$/);
  };

  it('as a header is refused and never throws', async () => {
    const anything = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `Bearer ${text}`),
    );
    await fc.assert(fc.asyncProperty(anything, refusedNot), { numRuns: 500 });
  });

  it('as JSON in header and payload is refused and never throws', async () => {
    const part = fc.oneof(
      fc.json(),
      fc
        .dictionary(fc.constantFrom('alg', 'kid', 'typ', 'iss', 'exp', '__proto__'), fc.jsonValue())
        .map((value) => JSON.stringify(value)),
    );
    const parts = fc.tuple(part, part).map(([head, body]) => `Bearer ${b64(head)}.${b64(body)}.AAAA`);
    await fc.assert(fc.asyncProperty(parts, refusedNot), { numRuns: 500 });
  });

  it('as claims of a genuine token never throws, and trusts nobody without the claims of a rule', async () => {
    const names = fc.constantFrom(
      'sub',
      'aud',
      'exp',
      'iat',
      'nbf',
      'act',
      'groups',
      'environment',
      'kubernetes.io',
      'cnf',
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, fc.jsonValue()), async (more) => {
        await refusedNot(`Bearer ${agentToken({ ...more, repository_id: undefined, project_id: undefined })}`);
      }),
      { numRuns: 200 },
    );
  });

  it('in a good token, one flipped bit anywhere is refused', async () => {
    const token = agentToken();
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 0, max: 6 }), async (index, bit) => {
        const flipped = String.fromCharCode(token.charCodeAt(index) ^ (1 << bit));
        await refusedNot(`Bearer ${token.slice(0, index)}${flipped}${token.slice(index + 1)}`);
      }),
      { numRuns: 500 },
    );
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
