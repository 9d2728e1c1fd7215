import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIssuerKeys, type IssuerKeys } from '../../shared/identity/keys/issuer-keys.ts';
import type { HttpGet } from '../../shared/identity/keys/get-json.ts';
import { json, makePair, startIssuer, type IssuerServer, type Pair } from './forge.ts';

const DISCOVERY = '/.well-known/openid-configuration';
let first: Pair;
let second: Pair;
let issuer: IssuerServer;
let keys: IssuerKeys;
let at = 0;
const clock = () => new Date(at);
const get: HttpGet = (url, init) => fetch(url, init);

beforeAll(async () => {
  first = await makePair('ES256', 'first');
  second = await makePair('ES256', 'second');
});
beforeEach(async () => {
  issuer = await startIssuer([first.publicJwk]);
  at = 1_790_000_000_000;
  keys = createIssuerKeys({ clock, get });
});
afterEach(() => issuer.close());

const find = (kid = 'first') => keys.find({ name: 'ci', url: issuer.url }, 'ES256', kid);
const found = { ok: true };
const unknown = { ok: false, error: { kind: 'unknown_key' } };
const unavailable = { ok: false, error: { kind: 'issuer_unavailable', issuer: 'ci' } };
const down = () => {
  issuer.answers.set(
    DISCOVERY,
    json(() => ({}), 500),
  );
};
const up = () => {
  issuer.answers.delete(DISCOVERY);
};

describe('keys of an issuer', () => {
  it('are asked for once, also by many at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => find()));
    expect(issuer.requests).toEqual([DISCOVERY, '/jwks']);
  });

  it('are asked for again after ten minutes, so that a withdrawn one ends', async () => {
    expect(await find()).toMatchObject(found);
    issuer.keys = [second.publicJwk];
    at += 600_000;
    expect(await find()).toMatchObject(found);
    at += 1;
    expect(await find()).toMatchObject(unknown);
  });

  it('are asked for again when a new one appears, though not more often than every thirty seconds', async () => {
    expect(await find()).toMatchObject(found);
    issuer.keys = [first.publicJwk, second.publicJwk];
    for (let stranger = 0; stranger < 50; stranger += 1)
      expect(await find(`guess-${String(stranger)}`)).toMatchObject(unknown);
    expect(issuer.requests).toHaveLength(2);
    expect(await find('second')).toMatchObject(unknown);
    at += 30_001;
    expect(await find('second')).toMatchObject(found);
    expect(issuer.requests).toHaveLength(4);
  });

  it('serve for an hour while the issuer is away, and not longer', async () => {
    expect(await find()).toMatchObject(found);
    down();
    at += 3_600_000;
    expect(await find()).toMatchObject(found);
    at += 1;
    expect(await find()).toMatchObject(unavailable);
    up();
    at += 30_001;
    expect(await find()).toMatchObject(found);
  });

  it('do not make callers wait for an issuer that is away: one question in thirty seconds', async () => {
    await find();
    down();
    at += 700_000;
    for (let call = 0; call < 10; call += 1) expect(await find()).toMatchObject(found);
    expect(issuer.requests.filter((path) => path === DISCOVERY)).toHaveLength(2);
  });

  it('are unavailable, not unknown, while a new one may have appeared that cannot be asked for', async () => {
    await find();
    down();
    at += 31_000;
    expect(await find('second')).toMatchObject(unavailable);
    expect(await find('first')).toMatchObject(found);
  });

  it('are asked for again five seconds after a first failure', async () => {
    down();
    expect(await find()).toMatchObject({ ...unavailable, error: { retryAfterSeconds: 5 } });
    up();
    expect(await find()).toMatchObject(unavailable);
    at += 5_001;
    expect(await find()).toMatchObject(found);
  });

  it('are asked for again when the clock jumped back', async () => {
    await find();
    at -= 3_600_000;
    expect(await find()).toMatchObject(found);
    expect(issuer.requests).toHaveLength(4);
  });

  it('survive a connection that died while the process was frozen', async () => {
    let calls = 0;
    keys = createIssuerKeys({
      clock,
      get: (url, init) => ((calls += 1) === 1 ? Promise.reject(new TypeError('fetch failed')) : get(url, init)),
    });
    expect(await find()).toMatchObject(found);
  });
});
