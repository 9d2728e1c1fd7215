import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevelopmentIssuers, type DevelopmentIssuers } from '../../infra/local/oidc/development-issuers.ts';
import { loadIdentities } from '../../infra/local/oidc/identities.ts';
import { issuerSchema, type Issuer } from '../../shared/contracts/config/issuer.ts';
import { personSchema } from '../../shared/contracts/config/people.ts';
import { createAuthenticator } from '../../shared/identity/authenticator.ts';
import { createIssuerKeys } from '../../shared/identity/keys/issuer-keys.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const identities = loadIdentities(join(PROJECT, 'config'));
const clock = () => new Date();

function issuersAt(url: string): Issuer[] {
  const audience = 'countersign';
  const rules = [
    { name: 'orders-ci', claims: { repository_id: '610201', repository_owner_id: '40917', environment: 'production' } },
    { name: 'reports-ci', claims: { repository_id: '610377' } },
  ];
  return [
    issuerSchema.parse({ name: 'ci', for: 'agents', url: `${url}/oidc/ci`, audience, rules, accessTokensOnly: true }),
    issuerSchema.parse({ name: 'people', for: 'people', url: `${url}/oidc/people`, audience, algorithms: ['RS256'] }),
  ];
}

const people = ['dba-1', 'dba-2', 'auditor'].map((id) =>
  personSchema.parse({ id, name: id, identities: [{ issuer: 'people', subject: `00u-${id}` }] }),
);

interface World {
  readonly url: string;
  readonly server: Server;
  readonly issuers: DevelopmentIssuers;
}

async function start(stateDir: string, port = 0): Promise<World> {
  const holder: { issuers?: DevelopmentIssuers } = {};
  const server = createServer((request, response) => {
    void holder.issuers?.handle(request, response).then((handled) => {
      if (!handled) response.writeHead(404).end('not mine');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const url = `http://127.0.0.1:${address.port}`;
  const issuers = await createDevelopmentIssuers({ publicUrl: url, issuers: issuersAt(url), identities, stateDir });
  holder.issuers = issuers;
  return { url, server, issuers };
}

const stop = ({ server }: World) =>
  new Promise<void>((resolve) => {
    server.closeAllConnections();
    server.close(() => {
      resolve();
    });
  });

function authenticatorFor(url: string) {
  const keys = createIssuerKeys({ clock, get: fetch });
  return createAuthenticator({ issuers: issuersAt(url), people, groups: [], keys, clock });
}

describe('the development issuers', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'countersign-oidc-'));
  let world: World;
  beforeAll(async () => {
    world = await start(stateDir);
  });
  afterAll(async () => {
    await stop(world);
    rmSync(stateDir, { recursive: true });
  });

  it.each([
    ['ci-agent', { kind: 'agent', name: 'orders-ci', subject: 'repo:acme/orders:environment:production' }],
    ['other-agent', { kind: 'agent', name: 'reports-ci' }],
    ['dba-1', { kind: 'person', id: 'dba-1' }],
    ['dba-2', { kind: 'person', id: 'dba-2' }],
    ['auditor', { kind: 'person', id: 'auditor' }],
  ])('give %s a token that the authenticator knows', async (name, expected) => {
    const token = await world.issuers.tokenFor(name);
    const caller = await authenticatorFor(world.url).authenticate(`Bearer ${token}`);
    expect(caller).toMatchObject({ ok: true, value: expected });
    expect(decodeProtectedHeader(token).typ).toBe('at+jwt');
  });

  it.each([
    ['stranger', undefined, 'not_trusted'],
    ['expired-agent', undefined, 'expired'],
    ['ci-agent', -1, 'expired'],
    ['ci-agent', 86_400, 'lives_too_long'],
  ])('give %s with a life of %s a token that is refused as %s', async (name, ttlSeconds, kind) => {
    const token = await world.issuers.tokenFor(name, ttlSeconds === undefined ? {} : { ttlSeconds });
    const caller = await authenticatorFor(world.url).authenticate(`Bearer ${token}`);
    expect(caller).toMatchObject({ ok: false, error: { kind } });
  });

  it('keep their keys, so that a token survives a restart', async () => {
    const token = await world.issuers.tokenFor('ci-agent');
    const port = Number(new URL(world.url).port);
    await stop(world);
    world = await start(stateDir, port);
    expect(await authenticatorFor(world.url).authenticate(`Bearer ${token}`)).toMatchObject({ ok: true });
  });

  it('keep keys and the client secret to their owner', () => {
    for (const file of ['ci.json', 'people.json', 'client-secret']) {
      expect(statSync(join(stateDir, 'oidc', file)).mode & 0o777).toBe(0o600);
    }
  });

  it('publish no private member of a key', async () => {
    const answer = await fetch(`${world.url}/oidc/ci/jwks`);
    expect(await answer.text()).not.toContain('"d"');
  });

  it.each(['wrong', ''])('give nothing for the client secret "%s"', async (secret) => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'dba-1', client_secret: secret });
    const answer = await fetch(`${world.url}/oidc/people/token`, { method: 'POST', body });
    expect([400, 401]).toContain(answer.status);
    expect(await answer.text()).not.toContain('access_token');
  });

  it('let no issuer speak for the identities of another', async () => {
    const secret = readFileSync(join(stateDir, 'oidc', 'client-secret'), 'utf8').trim();
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'dba-1', client_secret: secret });
    const answer = await fetch(`${world.url}/oidc/ci/token`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('leave everything outside their issuers to others', async () => {
    for (const path of ['/', '/oidc/nobody/jwks', '/v1/execute', '/oidcx']) {
      expect(await (await fetch(`${world.url}${path}`)).text()).toBe('not mine');
    }
  });

  it('say the same addresses whatever name they are asked under', async () => {
    const asked = world.url.replace('127.0.0.1', 'localhost');
    const document = await (await fetch(`${asked}/oidc/ci/.well-known/openid-configuration`)).json();
    expect(document).toMatchObject({ issuer: `${world.url}/oidc/ci`, jwks_uri: `${world.url}/oidc/ci/jwks` });
  });

  describe('by way of the command line', () => {
    it('print a token and nothing else', async () => {
      writeFileSync(join(stateDir, 'stack.json'), JSON.stringify({ url: world.url, pid: process.pid }));
      const done = await countersign('token', 'dba-1', '--state', stateDir);
      expect(done).toMatchObject({ code: 0, stderr: '' });
      expect(decodeJwt(done.stdout.trim())).toMatchObject({ sub: '00u-dba-1', iss: `${world.url}/oidc/people` });
    });

    it('print what a token says with --json, and make one that has ended with --ttl below zero', async () => {
      writeFileSync(join(stateDir, 'stack.json'), JSON.stringify({ url: world.url, pid: process.pid }));
      const done = await countersign('token', 'ci-agent', '--ttl', '-60', '--json', '--state', stateDir);
      const said = JSON.parse(done.stdout) as { subject: string; expiresAt: string };
      expect(said.subject).toBe('repo:acme/orders:environment:production');
      expect(Date.parse(said.expiresAt)).toBeLessThan(Date.now());
    });

    it('name the known identities when asked for another', async () => {
      writeFileSync(join(stateDir, 'stack.json'), JSON.stringify({ url: world.url, pid: process.pid }));
      const done = await countersign('token', 'nobody', '--state', stateDir);
      expect(done).toMatchObject({ code: 2, stdout: '' });
      expect(done.stderr).toContain('ci-agent, other-agent');
    });

    it('say how to start the stack when none runs, also when one was killed and left its file', async () => {
      writeFileSync(join(stateDir, 'stack.json'), JSON.stringify({ url: world.url, pid: 2 ** 22 + 1 }));
      for (const state of [stateDir, join(stateDir, 'missing')]) {
        const done = await countersign('token', 'dba-1', '--state', state);
        expect(done).toMatchObject({ code: 2, stdout: '' });
        expect(done.stderr).toContain('npm start');
      }
    });
  });
});

describe('the command line', () => {
  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [['token', '--help'], 0],
    [[], 2],
    [['no-such-command'], 2],
    [['token'], 2],
    [['token', 'a', 'b'], 2],
    [['token', 'a', '--ttl', 'soon'], 2],
    [['token', 'a', '--unknown'], 2],
  ])('answers %j with exit code %i', async (words, code) => {
    const done = await countersign(...words);
    expect(done.code).toBe(code);
    expect(`${done.stdout}${done.stderr}`).not.toMatch(/\n\s+at /);
  });
});

function countersign(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(PROJECT, 'infra', 'cli', 'main.ts'), ...words], { timeout: 15_000 });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, ...said });
    });
  });
}
