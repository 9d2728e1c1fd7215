import { expect, it } from 'vitest';
import * as z from 'zod';
import { createSlackPerson } from '../../../infra/local/demo/slack-person.ts';
import type { World } from '../world.ts';

/** Reads that people are asked about: the demo has none. */
export const MCP_POLICIES = `
@id("contacts-are-asked")
@approval("dba")
@message("The list of contacts is shown once a DBA agrees.")
forbid (principal, action == Action::"sql:select", resource == Resource::"orders/relation/public.customer_contacts")
unless { context.approvals.contains("dba") };
`;

const messageSchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  error: z.looseObject({ code: z.int(), message: z.string() }).optional(),
  result: z
    .looseObject({
      isError: z.boolean().optional(),
      structuredContent: z.looseObject({}).optional(),
      content: z.array(z.looseObject({ text: z.string() })).optional(),
    })
    .optional(),
});

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const READ = { connection: 'orders', statement: 'SELECT 1 AS one' };
const tool = (name: unknown, given: unknown, more: object = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: given, ...more },
});
const withMeta = (meta: unknown) => tool('execute', READ, { _meta: meta });
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

/** Messages that are no messages of the protocol, by class, and the HTTP status that refuses each. */
const NOT_SPOKEN: readonly (readonly [
  what: string,
  status: number,
  body: unknown,
  headers?: Record<string, string>,
])[] = [
  ['a batch of one', 400, [LIST]],
  ['a batch of many calls', 400, Array.from({ length: 50 }, (_, id) => ({ ...tool('execute', READ), id }))],
  ['an empty batch', 400, []],
  ['a number', 400, 5],
  ['null', 400, null],
  ['an id that is an object', 400, { ...LIST, id: {} }],
  ['an id that is a fraction', 400, { ...LIST, id: 1.5 }],
  ['an id that is null', 400, { ...LIST, id: null }],
  ['parameters that are a list', 400, { ...LIST, params: [1] }],
  ['another version of JSON-RPC', 400, { ...LIST, jsonrpc: '1.0' }],
  ['nesting without end', 400, tool('check', { ...READ, parameters: nested(200) })],
  ['more than a body may have', 413, tool('execute', { ...READ, statement: `SELECT ${'1,'.repeat(600_000)}1` })],
  ['a progress token that is an object', 400, withMeta({ progressToken: {} })],
  ['_meta that is a list', 400, withMeta([])],
  ['_meta that is null', 400, withMeta(null)],
  ['another media type', 415, LIST, { 'content-type': 'text/plain' }],
  ['another charset', 415, LIST, { 'content-type': 'application/json; charset=utf-16' }],
  ['an answer that may not be a stream', 406, LIST, { accept: 'application/json' }],
  ['a revision that there is not', 400, LIST, { 'mcp-protocol-version': '2099-01-01' }],
  ['headers that disagree with the body', 400, LIST, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'ping' }],
];

/** Calls of the protocol that are refused in its own terms: an error of JSON-RPC, or a result that is an error. */
const REFUSED: readonly (readonly [what: string, body: object, code: number | string])[] = [
  ['a method that there is not', { ...LIST, method: 'tools/approve' }, -32_601],
  ['a question to the client', { ...LIST, method: 'elicitation/create', params: {} }, -32_601],
  ['a name of Object', { ...LIST, method: '__proto__' }, -32_601],
  ['a tool that there is not', tool('approve', {}), -32_602],
  ['a tool by another spelling', tool('Execute', READ), -32_602],
  ['a tool with a name of Object', tool('constructor', READ), -32_602],
  ['arguments that are a list', tool('execute', [READ]), -32_602],
  ['no arguments', tool('execute', undefined), 'invalid_request'],
  ['a member that there is not', tool('execute', { ...READ, breakGlass: true }), 'invalid_request'],
  ['a wait beyond the limit', tool('get_session', { session: 'ses_1', waitSeconds: 600 }), 'invalid_request'],
  ['an id that is a path', tool('get_session', { session: '../../../stops' }), 'invalid_request'],
  [
    'a session of nobody',
    tool('get_session', { session: `ses_${'0'.repeat(26)}`, waitSeconds: 0 }),
    'session_not_found',
  ],
  ['taking back a session of nobody', tool('cancel', { session: `ses_${'0'.repeat(26)}` }), 'session_not_found'],
  ['a connection in Cyrillic', tool('execute', { ...READ, connection: '\u043erders' }), 'connection_not_found'],
  ['a connection in full width', tool('check', { ...READ, connection: '\uff4frders' }), 'connection_not_found'],
  ['a connection with an end', tool('search_objects', { connection: 'orders\u0000' }), 'connection_not_found'],
  ['a connection of others', tool('check', { ...READ, connection: 'analytics' }), 'connection_not_found'],
  ['two statements', tool('execute', { ...READ, statement: 'SELECT 1; SELECT 2' }), 'statement_invalid'],
  ['a prompt without end', withMeta({ prompt: 'p'.repeat(70_000) }), 'invalid_request'],
  ['a prompt that is none', withMeta({ prompt: {} }), 'invalid_request'],
  ['a trace that is none', withMeta({ traceparent: '00-x' }), 'invalid_request'],
  ['a progress token without end', withMeta({ progressToken: 't'.repeat(201) }), 'invalid_request'],
  ['a task of nobody', { ...LIST, method: 'tasks/get', params: { taskId: `ses_${'0'.repeat(26)}` } }, -32_602],
  ['a task that is a path', { ...LIST, method: 'tasks/cancel', params: { taskId: '../stops' } }, -32_602],
];

/** What clients of MCP do not send, and what comes of it: a clean refusal in the terms of the protocol, and nothing run. */
export function mcpHostileCases(world: () => World): void {
  const post = async (body: unknown, headers: Record<string, string> = {}, who = 'ci-agent') => {
    const response = await world().raw('/mcp', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        authorization: `Bearer ${await world().stack.tokenFor(who)}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    });
    const text = await response.text();
    const data = text.split('\n').find((line) => line.startsWith('data: '));
    return { status: response.status, text, json: data?.slice('data: '.length) ?? text };
  };
  const say = async (body: unknown, who?: string) => {
    const { status, json } = await post(body, {}, who);
    expect(status).toBe(200);
    return messageSchema.parse(JSON.parse(json));
  };
  const ran = (): number =>
    world()
      .stack.services.rdsData.kept()
      .filter(({ sql }) => sql === READ.statement).length;

  it.each(NOT_SPOKEN.map((one) => ({ one, what: one[0] })))('refuses $what', async ({ one }) => {
    const [, status, body, headers] = one;
    const before = ran();
    const told = await post(body, headers);
    expect(told.status).toBe(status);
    expect(messageSchema.parse(JSON.parse(told.json)).error?.message.length).toBeGreaterThan(10);
    expect(told.json.length).toBeLessThan(1_000);
    expect(ran()).toBe(before);
  });

  it.each(REFUSED)('answers %s in its own terms', async (_, body, code) => {
    const before = ran();
    const { error, result } = await say(body);
    if (typeof code === 'number') expect(error?.code).toBe(code);
    else expect(result).toMatchObject({ isError: true, structuredContent: { code } });
    // What a model is told to do, it can do: no path of the API, which it has no tool for.
    expect(JSON.stringify([error, result])).not.toContain('/v1/');
    expect(ran()).toBe(before);
  });

  it('answers as much as it has room for, where escaping would make an answer larger than Lambda gives back', async () => {
    const statement = `SELECT repeat('"', 1000) AS quotes FROM generate_series(1, 1000)`;
    const { result } = await say(tool('execute', { connection: 'orders', statement }));
    expect(result).toMatchObject({ structuredContent: { status: 'succeeded', rowCount: 1_000 } });
    expect(result?.content?.[0]?.text).toContain('it shows the first 100000 of ');
  });

  it('promises no news of its list of tools, and holds no line for who wants them', async () => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'e2e', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const ask = (method: string, params: object) =>
      post(
        { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } },
        { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method },
      );
    const discovered = await ask('server/discover', {});
    expect(JSON.parse(discovered.json)).toMatchObject({ result: { capabilities: { tools: { listChanged: false } } } });
    const listened = await ask('subscriptions/listen', { notifications: { toolsListChanged: true } });
    expect(messageSchema.parse(JSON.parse(listened.json)).error?.code).toBe(-32_603);
  });

  it('runs nothing for a notification, a cancelled one or an answer to a question that nobody put', async () => {
    const before = ran();
    const { id, ...notified } = tool('execute', READ);
    for (const body of [
      notified,
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } },
      { jsonrpc: '2.0', id, result: { content: [] } },
    ])
      expect(await post(body)).toMatchObject({ status: 202, text: '' });
    expect(ran()).toBe(before);
  });

  it('leaves the session of another agent alone, and says no more of it than of none', async () => {
    const statement = "UPDATE orders SET status = 'paid' WHERE id = 36";
    const asked = await say(tool('execute', { connection: 'orders', statement, reason: 'A test' }));
    const session = String(asked.result?.structuredContent?.['session']);
    for (const name of ['get_session', 'cancel']) {
      const theirs = await say(tool(name, { session }), 'other-agent');
      const none = await say(tool(name, { session: `ses_${'0'.repeat(26)}` }), 'other-agent');
      expect(JSON.stringify(theirs)).toBe(JSON.stringify(none).replaceAll(`ses_${'0'.repeat(26)}`, session));
    }
    for (const method of ['tasks/get', 'tasks/cancel'])
      expect((await say({ ...LIST, method, params: { taskId: session } }, 'other-agent')).error?.code).toBe(-32_602);
    const still = await say(tool('get_session', { session, waitSeconds: 0 }));
    expect(still.result?.structuredContent).toMatchObject({ status: 'pending_approval' });
    await say(tool('cancel', { session }));
  });

  it('joins a read that waits for people, and gives its answer to the same call afterwards', async () => {
    const contacts = tool('execute', { connection: 'orders', statement: 'SELECT count(*) FROM customer_contacts' });
    const all = await Promise.all([1, 2, 3].map(() => say(contacts)));
    const sessions = new Set(all.map(({ result }) => String(result?.structuredContent?.['session'])));
    expect(sessions.size).toBe(1);
    const [session = ''] = sessions;
    await createSlackPerson(world().stack.url, 'U0DBA00001').press(session, 'approve');
    await say(tool('get_session', { session }));
    const late = await say(contacts);
    expect(late.result?.structuredContent).toMatchObject({ session, status: 'succeeded', repeated: true, rowCount: 1 });
  });

  it('runs a write that needs nobody once, of many same calls at one moment', async () => {
    const statement = 'POST /api/v1/namespaces/staging/configmaps';
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'once-only' }, data: { a: 'b' } };
    const ask = (prompt: string) =>
      say(tool('execute', { connection: 'shop', statement, body }, { _meta: { prompt } }));
    const all = await Promise.all(['1', '2', '3', '4', '5', '6'].map(ask));
    const sessions = new Set(all.map(({ result }) => String(result?.structuredContent?.['session'])));
    expect(sessions.size).toBe(1);
    const [session = ''] = sessions;
    // A second run would be refused by the cluster: the name is taken.
    const ended = await say(tool('get_session', { session }));
    expect(ended.result?.structuredContent).toMatchObject({ session, status: 'succeeded' });
  });

  it.each([
    '%',
    '.*',
    "' OR 1=1 --",
    '\u0000',
    '(a+)+$',
    '\u202e',
    'pg_',
    '"; DROP TABLE customers; --',
    'é'.repeat(200),
  ])('searches names for %j as words and nothing else', async (query) => {
    const { result } = await say(tool('search_objects', { connection: 'orders', query }));
    expect(result).toMatchObject({ structuredContent: { count: 0, more: false } });
  });

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'file://' }, 403],
    [{ origin: 'http://127.0.0.1.evil.example' }, 403],
    [{ 'mcp-session-id': 'of-somebody-else' }, 200],
  ])('answers a caller with %j with %i', async (headers, status) => {
    expect((await post(LIST, { ...headers })).status).toBe(status);
  });
}
