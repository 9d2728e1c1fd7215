import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reveal } from '../../functions/pages/reveal.mjs';
import { createHandler } from '../../functions/pages/handler.ts';
import { gatewaySchema } from '../../shared/contracts/config/gateway.ts';
import { show } from '../../shared/slack/text.ts';
import { createWorld, GATEWAY, bundleOf, POLICIES } from '../gateway/world.ts';

const signIn = { clientId: 'page', parameters: { audience: 'countersign' } };
const withSignIn = {
  ...GATEWAY,
  issuers: GATEWAY.issuers.map((issuer) => (issuer.for === 'people' ? { ...issuer, signIn } : issuer)),
};

const event = (routeKey: string, pathParameters: Record<string, string> = {}) => ({
  version: '2.0',
  rawPath: '/',
  rawQueryString: '',
  headers: {},
  requestContext: { routeKey, requestId: 'r', http: { method: 'GET', path: '/' } },
  pathParameters,
  isBase64Encoded: false,
});

function open(gateway: object = withSignIn) {
  const world = createWorld();
  world.configure(bundleOf(POLICIES, gateway));
  return { world, get: createHandler(world.deps) };
}

describe('the page of a session', () => {
  test('is the same for every id, there or not, and holds nothing of any', async () => {
    const { world, get } = open();
    const session = await world.ask('orders', 'UPDATE customers -- not for everybody');
    const there = await get(event('GET /sessions/{id}', { id: session.id }));
    const hostile = '"><script>alert(1)</script>';
    for (const id of ['ses_none', hostile, '../v1/sessions', ''])
      expect(await get(event('GET /sessions/{id}', { id }))).toEqual(there);
    expect(there.statusCode).toBe(200);
    for (const secret of [session.id, session.asked?.seal ?? '-', 'not for everybody', 'orders', 'dba-1'])
      expect(there.body).not.toContain(secret);
  });

  test('runs only its own files, and speaks only to the gateway and to the issuers that sign people in', async () => {
    const { get } = open();
    const { headers, body } = await get(event('GET /sessions/{id}', { id: 'x' }));
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self' https://people.example;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|style=/);
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
  });

  test('names no issuer where configuration has no sign-in, and says how to read it otherwise', async () => {
    const { body, headers } = await open(GATEWAY).get(event('GET /sessions/{id}', { id: 'x' }));
    expect(body).toContain('data-issuers="[]"');
    expect(body).toContain('npx countersign sessions show');
    expect(headers['content-security-policy']).toContain("connect-src 'self';");
  });

  test.each(['session-page.mjs', 'sign-in.mjs', 'reveal.mjs', 'session-page.css'])('has its file %s', async (file) => {
    const answer = await open().get(event('GET /pages/{file}', { file }));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(file.endsWith('css') ? /css/ : /javascript/);
  });

  test.each(['index.ts', '../../package.json', '..%2fpage.ts', '', 'constructor'])('has no file %j', async (file) => {
    expect((await open().get(event('GET /pages/{file}', { file }))).statusCode).toBe(404);
  });

  test('says nothing while there is no configuration', async () => {
    const { world, get } = open();
    world.configure(undefined);
    expect((await get(event('GET /sessions/{id}', { id: 'x' }))).statusCode).toBe(503);
  });
});

test('the page reveals what Slack reveals: every character that hides, whatever stands around it', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\u202E', '\u200B', '⟦', '\u0301', '\u00A0', '\u2028', '\r', '\n', '\t', '\uFE0F'),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
      // Three backticks are the end of a block to Slack, and nothing to a page.
      const text = units.join('').replaceAll('`', '');
      expect(reveal(text)).toBe(show(text));
    }),
  );
});

describe('a sign-in', () => {
  test.each(['state', 'redirect_uri', 'client_id', 'response_type', 'code_challenge', 'response_mode'])(
    'may not set %s, which is the page’s own',
    (name) => {
      const gateway = {
        ...GATEWAY,
        issuers: [{ ...GATEWAY.issuers[1], signIn: { clientId: 'page', parameters: { [name]: 'x' } } }],
      };
      expect(gatewaySchema.safeParse(gateway).success).toBe(false);
    },
  );

  test('is for people only', () => {
    const gateway = { ...GATEWAY, issuers: [{ ...GATEWAY.issuers[0], signIn }] };
    expect(gatewaySchema.safeParse(gateway).success).toBe(false);
  });
});
