import type { ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, generateSecret, type JWK } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIssuerKeys, type IssuerKeys } from '../../shared/identity/keys/issuer-keys.ts';
import type { HttpGet } from '../../shared/identity/keys/get-json.ts';
import { json, makePair, startIssuer, type IssuerServer, type Pair } from './forge.ts';

const DISCOVERY = '/.well-known/openid-configuration';
let first: Pair;
let second: Pair;
let issuer: IssuerServer;
let keys: IssuerKeys;
const clock = () => new Date(1_790_000_000_000);
const get: HttpGet = (url, init) => fetch(url, init);

beforeAll(async () => {
  first = await makePair('ES256', 'first');
  second = await makePair('ES256', 'second');
});
beforeEach(async () => {
  issuer = await startIssuer([first.publicJwk]);
  keys = createIssuerKeys({ clock, get });
});
afterEach(() => issuer.close());

const find = (kid = 'first') => keys.find({ name: 'ci', url: issuer.url }, 'ES256', kid);
const found = { ok: true };
const unknown = { ok: false, error: { kind: 'unknown_key' } };
const unavailable = { ok: false, error: { kind: 'issuer_unavailable', issuer: 'ci' } };
describe('an issuer is taken for unavailable', () => {
  const answer = (path: string, give: (response: ServerResponse) => void) => {
    issuer.answers.set(path, (_request, response) => {
      give(response);
    });
  };
  const redirect = (path: string, good: () => unknown) => {
    issuer.answers.set('/elsewhere', json(good));
    answer(path, (response) => response.writeHead(307, { location: '/elsewhere' }).end());
  };
  const says = (document: () => object) => () => {
    issuer.answers.set(DISCOVERY, json(document));
  };
  const cases: [string, () => void, RegExp][] = [
    [
      'when it answers 404',
      () =>
        issuer.answers.set(
          DISCOVERY,
          json(() => ({}), 404),
        ),
      /answered 404/,
    ],
    [
      'when its document speaks for another',
      says(() => ({ issuer: `${issuer.url}/`, jwks_uri: `${issuer.url}/jwks` })),
      /another issuer/,
    ],
    ['when its document names no keys', says(() => ({ issuer: issuer.url })), /no usable jwks_uri/],
    [
      'when its keys are at a file',
      says(() => ({ issuer: issuer.url, jwks_uri: 'file:///etc/passwd' })),
      /no usable jwks_uri/,
    ],
    [
      'when its keys are on another local port',
      says(() => ({ issuer: issuer.url, jwks_uri: 'http://127.0.0.1:9/jwks' })),
      /no usable jwks_uri/,
    ],
    [
      'when its keys are at cloud metadata',
      says(() => ({ issuer: issuer.url, jwks_uri: 'http://169.254.169.254/' })),
      /no usable jwks_uri/,
    ],
    [
      'when it redirects its document',
      () => {
        redirect(DISCOVERY, () => ({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` }));
      },
      /could not be read/,
    ],
    [
      'when it redirects its keys',
      () => {
        redirect('/jwks', () => ({ keys: [first.publicJwk] }));
      },
      /could not be read/,
    ],
    [
      'when its keys are not JSON',
      () => {
        answer('/jwks', (response) => response.end('<html>'));
      },
      /JSON object/,
    ],
    [
      'when its keys are larger than 128 KiB',
      () => {
        answer('/jwks', (response) => response.end(JSON.stringify({ keys: [], pad: 'x'.repeat(131_072) })));
      },
      /more than/,
    ],
    [
      'when its keys never end',
      () => {
        answer('/jwks', endless);
      },
      /more than/,
    ],
    [
      'when it breaks off',
      () => {
        answer('/jwks', (response) => {
          response.writeHead(200, { 'content-length': '99' }).write('{');
          response.destroy();
        });
      },
      /could not be read/,
    ],
    [
      'when it hangs up',
      () => {
        answer(DISCOVERY, (response) => response.destroy());
      },
      /could not be read/,
    ],
    [
      'when it publishes a list',
      () =>
        issuer.answers.set(
          '/jwks',
          json(() => []),
        ),
      /JSON object/,
    ],
    [
      'when it publishes no keys',
      () =>
        issuer.answers.set(
          '/jwks',
          json(() => ({})),
        ),
      /JWK Set/,
    ],
    [
      'when it publishes more than a hundred keys',
      () => {
        issuer.keys = Array.from({ length: 101 }, () => first.publicJwk);
      },
      /JWK Set/,
    ],
  ];
  it.each(cases)('%s', async (_what, arrange, reason) => {
    arrange();
    const refused = await find();
    expect(refused).toMatchObject(unavailable);
    expect(refused.ok ? '' : JSON.stringify(refused.error)).toMatch(reason);
  });

  it('when it publishes a private or a symmetric key', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const secret = await generateSecret('HS256', { extractable: true });
    for (const leaked of [await exportJWK(pair.privateKey), await exportJWK(secret)]) {
      issuer.keys = [first.publicJwk, { ...leaked, kid: 'leaked' }];
      keys = createIssuerKeys({ clock, get });
      expect(await find()).toMatchObject({
        ...unavailable,
        error: { reason: expect.stringContaining('secret') as string },
      });
    }
  });

  it('when it does not answer in time', async () => {
    keys = createIssuerKeys({
      clock,
      get: (url, init) => get(url, { ...init, signal: AbortSignal.any([init.signal, AbortSignal.abort()]) }),
    });
    expect(await find()).toMatchObject(unavailable);
  });

  function endless(response: ServerResponse): void {
    const more = () => {
      if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(more));
    };
    more();
  }
});

describe('a published key is passed over', () => {
  it.each<[string, (jwk: JWK) => object]>([
    ['for encryption', (jwk) => ({ ...jwk, use: 'enc' })],
    ['for signing only', (jwk) => ({ ...jwk, key_ops: ['sign'] })],
    ['without a kid', (jwk) => ({ ...jwk, kid: undefined })],
    ['for another algorithm', (jwk) => ({ ...jwk, alg: 'ES384' })],
    ['on another curve', (jwk) => ({ ...jwk, crv: 'P-384' })],
    ['with a point off its curve', (jwk) => ({ ...jwk, x: jwk.y ?? '' })],
    ['without half of its point', (jwk) => ({ ...jwk, y: undefined })],
    ['of a type nobody knows', (jwk) => ({ ...jwk, kty: 'AKP' })],
  ])('%s', async (_what, change) => {
    issuer.keys = [change(first.publicJwk), second.publicJwk];
    expect(await find()).toMatchObject(unknown);
    expect(await find('second')).toMatchObject(found);
  });

  it('when two share its name, since which of them is meant is anybody’s guess', async () => {
    issuer.keys = [first.publicJwk, { ...second.publicJwk, kid: 'first' }];
    expect(await find()).toMatchObject(unknown);
  });
});
