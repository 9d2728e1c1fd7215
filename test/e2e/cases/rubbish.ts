import { describe, expect, it } from 'vitest';
import type { World } from '../world.ts';

interface Sent {
  readonly title: string;
  readonly token?: string | undefined;
  readonly body: string;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
  /** A word that the detail must hold: the name of what is wrong, or the remedy. */
  readonly says: string;
}

const statement = (text: string, more = ''): string =>
  `{"connection":"orders","statement":${JSON.stringify(text)}${more}}`;
const read = statement('SELECT 1');

const CASES: readonly Sent[] = [
  { title: 'bad JSON', body: '{"connection":"orders"', status: 400, code: 'invalid_request', says: 'JSON' },
  {
    title: 'an unknown member',
    body: statement('SELECT 1', ',"stmt":1'),
    status: 400,
    code: 'invalid_request',
    says: 'stmt',
  },
  {
    title: 'a member given twice',
    body: '{"connection":"orders","statement":"SELECT 1","statement":"SELECT 2"}',
    status: 400,
    code: 'invalid_request',
    says: 'twice',
  },
  {
    title: 'a missing member',
    body: '{"connection":"orders"}',
    status: 400,
    code: 'invalid_request',
    says: 'statement',
  },
  { title: 'a body that is a list', body: '[]', status: 400, code: 'invalid_request', says: 'body' },
  { title: 'an empty body', body: '', status: 400, code: 'invalid_request', says: 'JSON' },
  {
    title: 'too deep a body',
    body: statement('SELECT 1', `,"context":{"a":${'['.repeat(60)}${']'.repeat(60)}}`),
    status: 400,
    code: 'invalid_request',
    says: '32 levels',
  },
  {
    title: 'half a surrogate pair',
    body: '{"connection":"orders","statement":"SELECT \'\\ud800\'"}',
    status: 400,
    code: 'invalid_request',
    says: 'surrogate',
  },
  {
    title: 'a body of 2 MiB',
    body: statement('x'.repeat(2_097_152)),
    status: 413,
    code: 'request_too_large',
    says: '1048576 bytes',
  },
  {
    title: 'another media type',
    body: read,
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'unsupported_media_type',
    says: 'application/json',
  },
  {
    title: 'an Idempotency-Key with a space',
    body: read,
    headers: { 'idempotency-key': 'a b' },
    status: 400,
    code: 'invalid_request',
    says: 'Idempotency-Key',
  },
  {
    title: 'two statements',
    body: statement('SELECT 1; DELETE FROM orders'),
    status: 400,
    code: 'statement_invalid',
    says: 'one',
  },
  {
    title: 'a NUL byte',
    body: statement('SELECT 1;\u0000DELETE FROM orders'),
    status: 400,
    code: 'statement_invalid',
    says: 'NUL',
  },
  {
    title: 'no statement at all',
    body: statement('   -- nothing'),
    status: 400,
    code: 'statement_invalid',
    says: 'statement',
  },
  { title: 'a syntax error', body: statement('SELEC 1'), status: 400, code: 'statement_invalid', says: 'SELEC' },
  {
    title: 'an unknown connection',
    body: '{"connection":"nowhere","statement":"SELECT 1"}',
    status: 404,
    code: 'connection_not_found',
    says: '/v1/connections',
  },
  {
    title: "another's connection",
    body: '{"connection":"analytics","statement":"SELECT 1"}',
    status: 404,
    code: 'connection_not_found',
    says: '/v1/connections',
  },
];

export function rubbishCases(world: () => World): void {
  const send = async (
    sent: Pick<Sent, 'body' | 'headers'> & { token?: string | undefined },
  ): Promise<{ response: Response; problem: Record<string, unknown> }> => {
    const token = 'token' in sent ? sent.token : await world().stack.tokenFor('ci-agent');
    const response = await world().raw('/v1/execute', {
      method: 'POST',
      body: sent.body,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...sent.headers,
      },
    });
    return { response, problem: (await response.json()) as Record<string, unknown> };
  };
  const reached = (): number => world().stack.services.rdsData.reached().length;

  it.each(CASES)('$title: $status $code', async (sent) => {
    await send({ body: statement('SELECT 1') });
    const before = reached();
    const { response, problem } = await send(sent);
    expect(problem).toMatchObject({
      status: sent.status,
      code: sent.code,
      type: `urn:countersign:problem:${sent.code}`,
    });
    expect(response.status).toBe(sent.status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(problem['detail']).toContain(sent.says);
    expect(problem['session']).toMatch(/^ses_/);
    expect(reached()).toBe(before);
  });

  it('answers an unknown connection and a foreign one alike, byte for byte but for the session', async () => {
    const [none, foreign] = await Promise.all([
      send({ body: '{"connection":"nowhere","statement":"SELECT 1"}' }),
      send({ body: '{"connection":"analytics","statement":"SELECT 1"}' }),
    ]);
    const blank = ({ problem }: typeof none) => JSON.stringify({ ...problem, session: '' });
    expect(blank(foreign)).toBe(blank(none));
  });

  describe('identity', () => {
    const tokens: readonly [string, (stack: World['stack']) => Promise<string | undefined>, number, string][] = [
      ['no token', () => Promise.resolve(undefined), 401, 'missing_token'],
      ['a word instead of a token', () => Promise.resolve('word'), 401, 'malformed_token'],
      ['an expired token', (stack) => stack.tokenFor('expired-agent'), 401, 'expired'],
      ['a token nobody trusts', (stack) => stack.tokenFor('stranger'), 403, 'not_trusted'],
      [
        'a token with its signature changed',
        async (stack) => flip(await stack.tokenFor('ci-agent')),
        401,
        'bad_signature',
      ],
    ];
    it.each(tokens)('%s is refused', async (_, tokenOf, status, reason) => {
      const before = reached();
      const { response, problem } = await send({ token: await tokenOf(world().stack), body: read });
      expect({ status: response.status, code: problem['code'], reason: problem['reason'] }).toEqual({
        status,
        code: 'unauthenticated',
        reason,
      });
      expect(response.headers.has('www-authenticate')).toBe(status === 401);
      expect(reached()).toBe(before);
    });

    it("a person's token runs nothing", async () => {
      const { response, problem } = await send({ token: await world().stack.tokenFor('dba-1'), body: read });
      expect([response.status, problem['code']]).toEqual([403, 'not_an_agent']);
    });
  });

  it('answers paths and methods it does not have with 404', async () => {
    for (const [path, method] of [
      ['/v1/nothing', 'GET'],
      ['/v1/execute', 'PUT'],
      ['/', 'GET'],
    ] as const) {
      expect((await world().raw(path, { method })).status).toBe(404);
    }
  });

  it('answers an id that no session can have as one that no session has, however long it is', async () => {
    const authorization = `Bearer ${await world().stack.tokenFor('ci-agent')}`;
    for (const id of ['ses_0', 'a'.repeat(3_000), '%00', '..%2f..%2fconnections', 'ses_%F0%9F%98%80']) {
      const response = await world().raw(`/v1/sessions/${id}`, { headers: { authorization } });
      expect([response.status, await response.json()]).toMatchObject([404, { code: 'session_not_found' }]);
    }
  });
}

/** Another first character of the signature: still base64url, another signature. */
function flip(token: string): string {
  const at = token.lastIndexOf('.') + 1;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}
