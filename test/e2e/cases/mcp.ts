import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createSlackPerson } from '../../../infra/local/demo/slack-person.ts';
import type { World } from '../world.ts';

const resultSchema = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ text: z.string() })).default([]),
  structuredContent: z.looseObject({}).default({}),
});
type Told = z.output<typeof resultSchema>;

/** MCP as agents' clients speak it: the official client, of both revisions, against the whole product. */
export function mcpCases(world: () => World): void {
  const url = (): URL => new URL('/mcp', world().stack.url);
  const connect = async (mode: 'legacy' | 'auto', who = 'ci-agent'): Promise<Client> => {
    const client = new Client({ name: 'e2e', version: '1.2.3' }, { versionNegotiation: { mode } });
    const headers = { authorization: `Bearer ${await world().stack.tokenFor(who)}` };
    await client.connect(new StreamableHTTPClientTransport(url(), { requestInit: { headers } }));
    return client;
  };
  const call = async (client: Client, name: string, given: object, meta?: object): Promise<Told> =>
    resultSchema.parse(
      await client.callTool({ name, arguments: { ...given }, ...(meta === undefined ? {} : { _meta: { ...meta } }) }),
    );
  const runs = (piece: string): number =>
    world()
      .stack.services.rdsData.kept()
      .filter(({ sql }) => sql.includes(piece) && !sql.startsWith('SELECT') && !sql.startsWith('EXPLAIN')).length;
  const dana = () => createSlackPerson(world().stack.url, 'U0DBA00001');
  const paid = (id: number) => ({
    connection: 'orders',
    statement: `UPDATE orders SET status = 'paid' WHERE id = ${String(id)}`,
    reason: 'A test over MCP',
  });

  describe.each(['legacy', 'auto'] as const)('to a client of the %s revision', (mode) => {
    const id = mode === 'legacy' ? 31 : 32;

    it('answers a read masked, between marks that no row can know, and a refusal with what to do instead', async () => {
      const client = await connect(mode);
      const read = { connection: 'orders', statement: 'SELECT name, email FROM customers WHERE id = 1' };
      const [one, other] = [await call(client, 'execute', read), await call(client, 'execute', read)];
      expect(one.structuredContent).toMatchObject({
        status: 'succeeded',
        rowCount: 1,
        masked: [{ class: 'pii.email' }],
      });
      expect(one.content[1]?.text).toContain('[masked:pii.email]');
      const marks = [one, other].map(({ content }) => /<untrusted-([0-9a-f]{32})>/.exec(content[1]?.text ?? '')?.[1]);
      expect(new Set(marks).size).toBe(2);
      const drop = await call(client, 'execute', { connection: 'orders', statement: 'DROP TABLE customers' });
      expect(drop).toMatchObject({ isError: true, structuredContent: { code: 'blocked_by_policy' } });
      expect(drop.content[0]?.text).toContain('open a migration');
      const mixed = 'WITH gone AS (DELETE FROM ledger RETURNING id) SELECT name FROM customers';
      const refused = await call(client, 'check', { connection: 'orders', statement: mixed });
      expect(JSON.stringify(refused)).toContain('Nothing has run');
      await client.close();
    });

    it('says who is asked; the same call joins the session, before and after the yes; it runs once', async () => {
      const client = await connect(mode);
      const waiting = await call(client, 'execute', paid(id));
      expect(waiting.isError).toBeUndefined();
      expect(waiting.structuredContent).toMatchObject({
        status: 'pending_approval',
        asked: ['dba'],
        retryAfterMs: 2_000,
      });
      expect(waiting.content[0]?.text).toMatch(/^Nothing has run yet\. Needed: 1 more of dba, until 20/);
      // Some clients show their model the structure alone.
      expect(waiting.structuredContent['detail']).toBe(waiting.content[0]?.text);
      const session = String(waiting.structuredContent['session']);
      // Another trace, another prompt: what a client says of itself makes no other call of it.
      const again = await call(client, 'execute', paid(id), { prompt: 'Once more' });
      expect(again.structuredContent).toMatchObject({ session, repeated: true });
      const held = call(client, 'get_session', { session, waitSeconds: 20 });
      await dana().press(session, 'approve');
      expect((await held).structuredContent).toMatchObject({ session, status: 'succeeded', rowCount: 1 });
      const late = await call(client, 'execute', paid(id));
      expect(late.structuredContent).toMatchObject({ session, status: 'succeeded', repeated: true });
      expect(runs(`WHERE id = ${String(id)}`)).toBe(1);
      const meant = await call(client, 'execute', { ...paid(id), attempt: 2 });
      expect(meant.structuredContent).toMatchObject({ status: 'pending_approval' });
      expect(meant.structuredContent['session']).not.toBe(session);
      const other = await connect(mode, 'other-agent');
      expect(await call(other, 'get_session', { session, waitSeconds: 0 })).toMatchObject({
        isError: true,
        structuredContent: { code: 'session_not_found' },
      });
      await call(client, 'cancel', { session: String(meant.structuredContent['session']) });
      await client.close();
    });

    it('puts what the caller says of itself on record as claimed, and reads every argument strictly', async () => {
      const client = await connect(mode);
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const said = { prompt: 'How many?', model: 'some-model', agent: 'some-agent', traceparent };
      const counted = { connection: 'orders', statement: 'SELECT count(*) FROM orders' };
      const read = await call(client, 'execute', counted, said);
      const story = await world().agent.session(String(read.structuredContent['session']));
      const submitted: unknown = story['submitted'];
      expect(submitted).toMatchObject({ claimed: { ...said, via: 'mcp' }, agent: { name: 'orders-ci' } });
      const misspelt = await call(client, 'execute', { ...counted, breakGlass: true });
      expect(misspelt).toMatchObject({
        isError: true,
        structuredContent: { code: 'invalid_request', member: 'breakGlass' },
      });
      await client.close();
    });
  });

  it('gives a client with tasks a task, which is the session', async () => {
    const client = await connect('auto');
    const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const session = createTaskSessionFromClient(client, {
      endpointId: 'e2e',
      rawDispatch: (request) => dispatch(world(), request),
      v2RequestFraming: {
        protocolVersion: '2026-07-28',
        clientInfo: { name: 'e2e', version: '1' },
        clientCapabilities: capabilities,
      },
    });
    const execution = await session.callTool('execute', paid(33));
    const settled = execution.settle();
    const waiting = await world().raw('/v1/sessions?limit=1', {
      headers: { authorization: `Bearer ${await world().stack.tokenFor('ci-agent')}` },
    });
    const [newest] = z
      .looseObject({ sessions: z.array(z.looseObject({ session: z.string() })) })
      .parse(await waiting.json()).sessions;
    await dana().press(newest?.session ?? '', 'approve');
    const result = resultSchema.parse(resultFromTaskOutcome((await settled).outcome));
    expect(result.structuredContent).toMatchObject({ session: newest?.session, status: 'succeeded', rowCount: 1 });
    await session.close();
    await client.close();
  });

  it('holds the line for a client that hears progress, and then says what is still needed', async () => {
    const client = await connect('auto');
    const heard: string[] = [];
    const asked = client.callTool(
      { name: 'execute', arguments: paid(34) },
      { onprogress: ({ message }) => heard.push(message ?? '') },
    );
    const session = await waitingSession(world(), 'WHERE id = 34');
    await dana().press(session, 'deny', 'Not this one.');
    const told = resultSchema.parse(await asked);
    expect(told).toMatchObject({ isError: true, structuredContent: { code: 'approval_denied', session } });
    expect(told.content[0]?.text).toContain('Not this one.');
    expect(heard[0]).toMatch(/^Needed: 1 more of dba/);
    await client.close();
  });

  it('makes one session of the same write from many clients at one moment', async () => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => connect('auto')));
    const told = await Promise.all(
      clients.map((client, at) => call(client, 'execute', paid(35), { prompt: String(at) })),
    );
    expect(new Set(told.map(({ structuredContent }) => structuredContent['session'])).size).toBe(1);
    await Promise.all(clients.map((client) => client.close()));
  });

  it('names only objects that the agent may read, with the classes of their columns', async () => {
    const client = await connect('auto');
    const found = await call(client, 'search_objects', { connection: 'orders', query: 'customers email' });
    expect(found.content[1]?.text).toContain('public.customers (table): id int8, name text, email text [pii.email]');
    const kinds = await call(client, 'search_objects', { connection: 'shop', query: 'deploy' });
    expect(kinds.content[1]?.text).toContain('/apis/apps/v1/namespaces/{namespace}/deployments (Deployment)');
    expect(kinds.content[1]?.text).not.toContain('pods');
    const foreign = await call(client, 'search_objects', { connection: 'analytics', query: '' });
    expect(foreign).toMatchObject({ isError: true, structuredContent: { code: 'connection_not_found' } });
    await client.close();
  });

  it('tells a client without a token where tokens come from, and serves no stranger', async () => {
    const post = (headers: Record<string, string>) =>
      world().raw('/mcp', {
        method: 'POST',
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      });
    const turned = await post({});
    expect(turned.status).toBe(401);
    const place = /resource_metadata="([^"]+)"/.exec(turned.headers.get('www-authenticate') ?? '')?.[1] ?? '';
    const metadata = await (await world().raw(new URL(place).pathname)).json();
    expect(metadata).toMatchObject({ bearer_methods_supported: ['header'] });
    expect(JSON.stringify(metadata)).toContain('/oidc/ci');
    expect(JSON.stringify(metadata)).not.toContain('/oidc/people');
    const authorization = `Bearer ${await world().stack.tokenFor('ci-agent')}`;
    expect((await post({ authorization })).status).toBe(200);
    expect((await post({ authorization, origin: 'https://evil.example' })).status).toBe(403);
    expect((await post({ authorization, origin: 'null' })).status).toBe(403);
    const person = `Bearer ${await world().stack.tokenFor('dba-1')}`;
    expect((await post({ authorization: person })).status).toBe(403);
    const twice = await world().raw('/mcp', {
      method: 'POST',
      body: '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}',
      headers: { authorization, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    });
    expect(twice.status).toBe(400);
  });
}

/** One JSON-RPC request as it is, for what the client library does not send by itself. */
async function dispatch(world: World, request: unknown) {
  const { method, params } = z
    .looseObject({
      method: z.string(),
      params: z.looseObject({ name: z.string().optional(), taskId: z.string().optional() }),
    })
    .parse(request);
  const name = params.name ?? params.taskId;
  const response = await world.raw('/mcp', {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...Object(request) }),
    headers: {
      authorization: `Bearer ${await world.stack.tokenFor('ci-agent')}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    },
  });
  const { result, error } = z
    .looseObject({
      result: z.json().optional(),
      error: z.looseObject({ code: z.int(), message: z.string() }).optional(),
    })
    .parse(await response.json());
  if (result !== undefined) return { kind: 'result', result } as const;
  return { kind: 'error', error: { code: error?.code ?? 0, message: error?.message ?? '' } } as const;
}

async function waitingSession(world: World, text: string): Promise<string> {
  const headers = { authorization: `Bearer ${await world.stack.tokenFor('ci-agent')}` };
  const listSchema = z.looseObject({ sessions: z.array(z.looseObject({ session: z.string() })) });
  for (let tries = 0; tries < 100; tries += 1) {
    const listed = await world.raw(`/v1/sessions?status=pending_approval&text=${encodeURIComponent(text)}`, {
      headers,
    });
    const [found] = listSchema.parse(await listed.json()).sessions;
    if (found !== undefined) return found.session;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing waits with ${text}`);
}
