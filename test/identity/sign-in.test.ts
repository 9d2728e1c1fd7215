import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDevelopmentIssuers, type DevelopmentIssuers } from '../../infra/local/oidc/development-issuers.ts';
import { identitySchema } from '../../infra/local/oidc/identities.ts';
import { issuerSchema } from '../../shared/contracts/config/issuer.ts';
import { personSchema } from '../../shared/contracts/config/people.ts';
import { createAuthenticator } from '../../shared/identity/authenticator.ts';
import { createIssuerKeys } from '../../shared/identity/keys/issuer-keys.ts';

const VERIFIER = 'a-verifier-that-is-long-enough-to-be-one-0123456789';
const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
const stateDir = mkdtempSync(join(tmpdir(), 'countersign-sign-in-'));
let server: Server;
let base = '';
const issuerAt = (url: string) =>
  issuerSchema.parse({
    name: 'people',
    for: 'people',
    url: `${url}/oidc/people`,
    audience: 'countersign',
    accessTokensOnly: true,
    signIn: { clientId: 'page' },
  });

beforeAll(async () => {
  const holder: { issuers?: DevelopmentIssuers } = {};
  server = createServer((request, response) => {
    void holder.issuers?.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  base = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`;
  const identities = ['dba-1', 'lead'].map((name) =>
    identitySchema.parse({ name, issuer: 'people', subject: `00u-${name}` }),
  );
  holder.issuers = await createDevelopmentIssuers({ publicUrl: base, issuers: [issuerAt(base)], identities, stateDir });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(stateDir, { recursive: true });
});

/** A browser as far as a sign-in needs one: it keeps cookies and follows redirects that stay with the issuer. */
function browser() {
  const cookies = new Map<string, string>();
  return async (address: string, form?: Record<string, string>): Promise<Response> => {
    let [next, body] = [new URL(address, base), form];
    for (let hops = 0; hops < 10; hops += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const init = body === undefined ? {} : { method: 'POST', body: new URLSearchParams(body) };
      const answer = await fetch(next, { ...init, headers: { cookie }, redirect: 'manual' });
      for (const set of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      const location = answer.headers.get('location');
      if (location === null || new URL(location, next).pathname === '/signed-in') return answer;
      [next, body] = [new URL(location, next), undefined];
    }
    throw new Error('it goes round in circles');
  };
}

const asking = (more: Record<string, string> = {}) =>
  `/oidc/people/auth?${new URLSearchParams({
    scope: 'openid',
    response_type: 'code',
    client_id: 'page',
    redirect_uri: `${base}/signed-in`,
    state: 's',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  }).toString()}`;

async function codeOf(name: string): Promise<string> {
  const go = browser();
  const choice = await go(asking());
  expect(await choice.text()).toContain(`value="${name}"`);
  const answered = await go(choice.url, { name });
  return new URL(answered.headers.get('location') ?? '', base).searchParams.get('code') ?? '';
}

const exchange = async (code: string, more: Record<string, string> = {}) => {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: `${base}/signed-in`,
    client_id: 'page',
    code_verifier: VERIFIER,
  };
  const answer = await fetch(`${base}/oidc/people/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, ...more }),
  });
  return { status: answer.status, body: (await answer.json()) as { access_token?: string } };
};

describe('signing in at a development issuer, as the page of a session does', () => {
  test('gives a token by which the gateway knows the person who was chosen', async () => {
    const { status, body } = await exchange(await codeOf('dba-1'));
    expect(status).toBe(200);
    const people = ['dba-1', 'lead'].map((id) =>
      personSchema.parse({ id, name: id, identities: [{ issuer: 'people', subject: `00u-${id}` }] }),
    );
    const clock = () => new Date();
    const keys = createIssuerKeys({ clock, get: fetch });
    const known = createAuthenticator({ issuers: [issuerAt(base)], people, groups: [], keys, clock });
    expect(await known.authenticate(`Bearer ${body.access_token ?? ''}`)).toMatchObject({
      ok: true,
      value: { kind: 'person', id: 'dba-1' },
    });
  });

  test('gives a code that is good once, and only for who began', async () => {
    const code = await codeOf('lead');
    expect((await exchange(code, { code_verifier: VERIFIER.replace('a', 'b') })).status).toBe(400);
    const second = await codeOf('lead');
    expect((await exchange(second)).status).toBe(200);
    expect((await exchange(second)).status).toBe(400);
  });

  test.each<[string, Record<string, string>]>([
    ['another address to come back to', { redirect_uri: 'https://evil.example/signed-in' }],
    ['no challenge', { code_challenge: '', code_challenge_method: '' }],
    ['a token at once', { response_type: 'token' }],
    ['another client', { client_id: 'dba-1' }],
  ])('refuses %s', async (_what, more) => {
    const answer = await browser()(asking(more));
    expect(answer.headers.get('location') ?? '').not.toContain('code=');
    expect(await answer.text()).not.toContain('Who are you?');
  });
});
