import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpApi } from '../../infra/local/http-api/http-api.ts';
import { createRouter } from '../../infra/local/http-api/routes.ts';
import { takePort } from '../../infra/local/http-api/server.ts';
import type { FrontDoor } from '../../infra/local/http-api/server.ts';
import { serverTls } from '../../infra/local/tls/certificates.ts';
import { failure } from '../../infra/local/lambda/protocol.ts';
import type { InvocationOutcome } from '../../infra/local/lambda/protocol.ts';
import type { JsonObject, JsonValue } from '../../shared/platform/json-value.ts';
import { overTls } from '../support/kubernetes-cluster.ts';
import { temporaryFolder } from './endpoint.ts';

const route = (routeKey: string, timeoutSeconds = 30) => ({ routeKey, functionArn: routeKey, timeoutSeconds });

describe('the router', () => {
  const find = createRouter(
    [
      'GET /v1/sessions',
      'GET /v1/sessions/{id}',
      'GET /v1/sessions/mine',
      'POST /v1/sessions/{id}/approve',
      'ANY /v1/{proxy+}',
      'GET /v1/{other}',
    ].map((key) => route(key)),
  );
  test.each([
    ['GET', '/v1/sessions', 'GET /v1/sessions', {}],
    ['GET', '/v1/sessions/mine', 'GET /v1/sessions/mine', {}],
    ['GET', '/v1/sessions/a%20b', 'GET /v1/sessions/{id}', { id: 'a b' }],
    ['POST', '/v1/sessions/01J/approve', 'POST /v1/sessions/{id}/approve', { id: '01J' }],
    ['DELETE', '/v1/sessions/01J', 'ANY /v1/{proxy+}', { proxy: 'sessions/01J' }],
    ['GET', '/v1/x/y/z', 'ANY /v1/{proxy+}', { proxy: 'x/y/z' }],
    ['GET', '/v1/x', 'GET /v1/{other}', { other: 'x' }],
    ['GET', '/v2', undefined, undefined],
    ['GET', '/v1/sessions/%zz', undefined, undefined],
  ])('%s %s goes to %s', (method, path, key, parameters) => {
    const match = find(method, path);
    expect(match?.route.routeKey).toBe(key);
    expect(match?.pathParameters).toEqual(parameters);
  });
});

describe('the embedded HTTP API', () => {
  let door: FrontDoor;
  let answer: (event: JsonObject) => InvocationOutcome | Promise<InvocationOutcome>;
  let seen: JsonObject | undefined;
  const invoke = async (_arn: string, event: JsonValue): Promise<InvocationOutcome> => {
    seen = event as JsonObject;
    return answer(seen);
  };

  beforeAll(async () => {
    door = await takePort(0);
    door.open([
      createHttpApi([route('POST /v1/execute'), route('GET /v1/sessions/{id}'), route('GET /slow', 0.05)], { invoke }),
    ]);
  });
  afterAll(() => door.close());
  const answering = (outcome: InvocationOutcome) => {
    seen = undefined;
    answer = () => outcome;
  };
  const okay: InvocationOutcome = { ok: true, value: { statusCode: 200, body: 'fine' } };

  test('hands over an event of payload format 2.0', async () => {
    answering(okay);
    const headers = { 'Content-Type': 'application/json', Cookie: 'a=1; b=2', 'X-One': 'two' };
    await fetch(`${door.url}/v1/execute?q=1&q=2&r=%20`, { method: 'POST', headers, body: '{"é":1}' });
    expect(seen).toMatchObject({
      version: '2.0',
      routeKey: 'POST /v1/execute',
      rawPath: '/v1/execute',
      rawQueryString: 'q=1&q=2&r=%20',
      queryStringParameters: { q: '1,2', r: ' ' },
      cookies: ['a=1', 'b=2'],
      headers: { 'content-type': 'application/json', 'x-one': 'two' },
      requestContext: { http: { method: 'POST', path: '/v1/execute', sourceIp: '127.0.0.1' }, stage: '$default' },
      body: '{"é":1}',
      isBase64Encoded: false,
    });
    expect(seen?.['headers']).not.toHaveProperty('cookie');
  });

  test.each([
    ['application/json; charset=utf-8', false],
    ['text/plain', false],
    ['application/problem+json', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
  ])('a body of type %s arrives as base64: %s', async (type, base64) => {
    answering(okay);
    await fetch(`${door.url}/v1/execute`, { method: 'POST', headers: { 'content-type': type }, body: 'a=é' });
    expect(seen).toMatchObject({
      isBase64Encoded: base64,
      body: base64 ? Buffer.from('a=é').toString('base64') : 'a=é',
    });
  });

  test('gives back status, headers, cookies and a binary body', async () => {
    answering({
      ok: true,
      value: {
        statusCode: 202,
        headers: { 'Retry-After': 3, 'Content-Type': 'image/png' },
        cookies: ['a=1', 'b=2'],
        body: 'AP8=',
        isBase64Encoded: true,
      },
    });
    const response = await fetch(`${door.url}/v1/sessions/1`);
    expect([response.status, response.headers.get('retry-after'), response.headers.getSetCookie()]).toEqual([
      202,
      '3',
      ['a=1', 'b=2'],
    ]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  test.each<[string, InvocationOutcome, number, string]>([
    ['a result without a status', { ok: true, value: { a: 1 } }, 200, '{"a":1}'],
    ['a status that is none', { ok: true, value: { statusCode: 'many' } }, 500, '{"message":"Internal Server Error"}'],
    [
      'a body that is no text',
      { ok: true, value: { statusCode: 200, body: { a: 1 } } },
      500,
      '{"message":"Internal Server Error"}',
    ],
    ['an exception', failure('handler', 'Error', 'secret detail'), 500, '{"message":"Internal Server Error"}'],
    ['a function timeout', failure('timeout', 'Sandbox.Timedout', 'x'), 500, '{"message":"Internal Server Error"}'],
    [
      'a throttled function',
      failure('throttled', 'Lambda.TooManyRequestsException', 'x'),
      503,
      '{"message":"Service Unavailable"}',
    ],
  ])('%s becomes what API Gateway makes of it', async (_title, outcome, status, body) => {
    answering(outcome);
    const response = await fetch(`${door.url}/v1/sessions/1`);
    expect([response.status, await response.text()]).toEqual([status, body]);
  });

  test('stops waiting at the integration timeout', async () => {
    answer = () => new Promise(() => undefined);
    const response = await fetch(`${door.url}/slow`);
    expect([response.status, await response.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  test('answers 404 where there is no route', async () => {
    const response = await fetch(`${door.url}/v1/execute`);
    expect([response.status, await response.text()]).toEqual([404, '{"message":"Not Found"}']);
  });

  const post = (headers: Record<string, string | number>, write: (send: (chunk: Buffer) => void) => void) =>
    new Promise<number>((resolve, reject) => {
      const outgoing = httpRequest(
        `${door.url}/v1/execute`,
        { method: 'POST', headers, agent: false },
        (response: IncomingMessage) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      outgoing.on('error', reject);
      write((chunk) => outgoing.write(chunk));
      outgoing.end();
    });

  test.each([
    ['with its length announced', { 'content-length': 11 * 1024 * 1024 }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('refuses a body of 11 MB sent %s with 413, and the client hears it', async (_title, headers) => {
    answering(okay);
    const status = await post(headers, (send) => {
      for (let sent = 0; sent < 11; sent += 1) send(Buffer.alloc(1024 * 1024, 'x'));
    });
    expect(status).toBe(413);
    expect(seen).toBeUndefined();
  });

  test('takes 10,240 bytes of head at most', async () => {
    answering(okay);
    expect(
      (await fetch(`${door.url}/v1/sessions/1`, { headers: { authorization: `Bearer ${'x'.repeat(9_000)}` } })).status,
    ).toBe(200);
    expect(
      (await fetch(`${door.url}/v1/sessions/1`, { headers: { authorization: `Bearer ${'x'.repeat(11_000)}` } })).status,
    ).toBe(431);
  });

  test('survives a client that goes away in the middle of a request', async () => {
    answering(okay);
    await new Promise<void>((resolve) => {
      const socket = connect(door.port, '127.0.0.1', () => {
        socket.write('POST /v1/execute HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
        socket.destroy();
        resolve();
      });
    });
    expect((await fetch(`${door.url}/v1/sessions/1`)).status).toBe(200);
  });

  test('names the port that is taken and what to do', async () => {
    await expect(takePort(door.port)).rejects.toThrow(
      `Port ${door.port} on 127.0.0.1 is in use, perhaps by another copy. Name a free one: PORT=8788 npm start`,
    );
  });

  test('answers TLS on the same port, once it has a certificate, and tells the function which it was', async () => {
    answering(okay);
    await expect(overTls(door.secureUrl, '', '/v1/sessions/1')).rejects.toThrow();
    const stateDir = await temporaryFolder();
    const tls = serverTls(stateDir, new Date());
    door.secure(tls);
    expect((await overTls(door.secureUrl, tls.ca, '/v1/sessions/1')).status).toBe(200);
    expect((seen?.['headers'] as JsonObject)['x-forwarded-proto']).toBe('https');
    expect((await fetch(`${door.url}/v1/sessions/1`)).status).toBe(200);
    expect((seen?.['headers'] as JsonObject)['x-forwarded-proto']).toBe('http');
    // Kept, while it has long enough to live; a new one when it has not.
    expect(serverTls(stateDir, new Date()).cert).toBe(tls.cert);
    expect(serverTls(stateDir, new Date(Date.now() + 790 * 86_400_000)).ca).not.toBe(tls.ca);
    await rm(stateDir, { recursive: true });
  });

  test('closes although somebody is connected who has said nothing', async () => {
    const other = await takePort(0);
    const socket = connect(other.port, '127.0.0.1');
    await once(socket, 'connect');
    await expect(Promise.all([other.close(), once(socket, 'close')])).resolves.toBeDefined();
  });

  test('answers 503 until it is opened', async () => {
    const closed = await takePort(0);
    expect((await fetch(closed.url)).status).toBe(503);
    await closed.close();
  });
});
