import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDataApis, checkGateway, checkIssuers } from '../../infra/cli/doctor/checks.ts';
import { tell } from '../../infra/cli/doctor/finding.ts';
import type { Place } from '../../infra/cli/doctor/place.ts';
import { checkSecrets, readersOf } from '../../infra/cli/doctor/secrets.ts';
import { functions } from '../../infra/functions.ts';
import { bundle } from '../infra/bundle-fixture.ts';
import { deployedFunctions, permissions, synthesise } from '../infra/template.ts';
import { cli } from '../support/run-cli.ts';

const { gateway } = bundle;
const template = synthesise();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers every path with what `answers` has for it. */
async function serve(
  answers: (origin: string) => Readonly<Record<string, unknown>>,
  head: Record<string, string> = {},
) {
  const server = createServer((request, response) => {
    const found = answers(origin())[request.url ?? ''];
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json', ...head });
    response.end(JSON.stringify(found ?? {}));
  });
  const origin = () => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return origin();
}

const place = (more: Partial<Place>): Place => ({
  url: 'http://127.0.0.1:9',
  configBucket: 'config',
  archiveBucket: 'archive',
  dataApiFault: () => Promise.resolve(undefined),
  ...more,
});

describe('the doctor, of the gateway and the clock', () => {
  const now = () => new Date('2026-11-29T10:00:00Z');
  it.each([
    ['Sun, 29 Nov 2026 10:00:20 GMT', 'ok'],
    ['Sun, 29 Nov 2026 10:02:00 GMT', 'wrong'],
    ['Sun, 29 Nov 2026 09:58:00 GMT', 'wrong'],
    ['once upon a time', 'unknown'],
  ])('says of a gateway whose date is %s: %s', async (date, state) => {
    const url = await serve(() => ({ '/healthz': { status: 'ok' } }), { date });
    const findings = await checkGateway(place({ url }), now);
    expect(findings.map((one) => [one.check, one.state])).toEqual([
      ['gateway', 'ok'],
      ['clock', state],
    ]);
  });

  it('says that a gateway does not answer, or answers wrongly', async () => {
    expect(await checkGateway(place({}), now)).toMatchObject([{ check: 'gateway', state: 'wrong' }]);
    const url = await serve(() => ({}));
    expect(await checkGateway(place({ url }), now)).toMatchObject([{ state: 'wrong', says: 'answers 404' }]);
  });
});

describe('the doctor, of issuers', () => {
  const issuer = (url: string) => gateway.issuers.map((one) => ({ ...one, url }));
  it('names the one that is not reachable, speaks for another, or has no key', async () => {
    const other = await serve((url) => ({
      '/.well-known/openid-configuration': { issuer: 'https://somebody.else', jwks_uri: `${url}/keys` },
    }));
    const empty = await serve((url) => ({
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/keys': { keys: [] },
    }));
    for (const url of ['http://127.0.0.1:9', other, empty])
      expect(await checkIssuers(issuer(url))).toMatchObject([{ check: 'issuer', about: 'people', state: 'wrong' }]);
  });
});

describe('the doctor, of the Data API', () => {
  it('says which cluster is off, with the command that mends it, and what it could not find out', async () => {
    const findings = await checkDataApis(
      place({
        dataApiFault: ({ name }) =>
          name === 'orders' ? Promise.resolve('its Data API is off') : Promise.reject(new Error('AccessDenied')),
      }),
      gateway.connections,
    );
    expect(findings.map(({ about, state }) => [about, state])).toEqual([
      ['orders', 'wrong'],
      ['billing', 'unknown'],
    ]);
    expect(tell(findings[0] ?? expect.fail())).toContain('aws rds enable-http-endpoint --resource-arn arn:aws:rds:');
  });
});

/** IAM as the synthesised template gives it: a role may read what one of its statements names, `?` being any letter. */
function rolesOfTemplate(
  change: (name: string, arn: string, allowed: boolean) => boolean = (_, __, allowed) => allowed,
) {
  const given = permissions(template).filter(({ action }) => action === 'secretsmanager:GetSecretValue');
  const matches = (pattern: string, arn: string): boolean =>
    new RegExp(`^${pattern.replaceAll(/[.*+^$()|[\]\\]/g, String.raw`\$&`).replaceAll('?', '.')}$`).test(arn);
  return new Map(
    deployedFunctions(template).map(({ name, id }) => [
      name,
      (arn: string) => {
        const allowed = given.some(({ role, resource }) => role === `${id}partsRole` && matches(resource, arn));
        return Promise.resolve(change(name, arn, allowed) ? ('allowed' as const) : ('denied' as const));
      },
    ]),
  );
}

describe('the doctor, of secrets', () => {
  it('finds that the roles of the template read what they need and nothing else', async () => {
    const findings = await checkSecrets(place({ roles: rolesOfTemplate() }), gateway);
    expect(findings.map(({ about, state }) => [about, state])).toEqual(
      [...readersOf(gateway).keys()].map((arn) => [arn, 'ok']),
    );
    expect(findings.length).toBeGreaterThan(3);
  });

  it('names the role that may read what it should not, and the one that may not and should', async () => {
    const roles = rolesOfTemplate((name, arn, allowed) => {
      if (name === 'check' && arn.includes('orders/write')) return true;
      return name === 'execute' && arn.includes('billing') ? false : allowed;
    });
    const wrong = (await checkSecrets(place({ roles }), gateway)).filter(({ state }) => state === 'wrong');
    expect(wrong.map(({ says }) => says)).toEqual([
      'check may read it and should not',
      'execute may not read it and should',
    ]);
  });

  it('does not call well what it cannot ask', async () => {
    const states = async (given: Place) => new Set((await checkSecrets(given, gateway)).map(({ state }) => state));
    expect(await states(place({}))).toEqual(new Set(['unknown']));
    const roles = new Map(
      Object.keys(functions).map((name) => [name, () => Promise.reject(new Error('AccessDenied'))]),
    );
    expect(await states(place({ roles }))).toEqual(new Set(['unknown']));
  });
});

describe('countersign doctor', () => {
  it('ends with 2 when it is asked wrongly', async () => {
    expect((await cli('doctor', '--stack', 'x', '--state', 'y')).code).toBe(2);
    expect((await cli('doctor', '--state', '/nowhere')).code).toBe(2);
    expect((await cli('doctor', '--help')).out).toContain('Exit codes: 0 nothing is wrong, 1 something is');
  });
});
