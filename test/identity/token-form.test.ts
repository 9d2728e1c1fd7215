import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { b64, forge } from './forge.ts';
import {
  NOW,
  AUDIENCE,
  agents,
  persons,
  access,
  stranger,
  authenticator,
  pair,
  claims,
  header,
  agentToken,
  personToken,
  authenticate,
  without,
  inThisWorld,
} from './world.ts';

inThisWorld();

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
