import { createMcpHandler } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { HttpEvent } from '../contracts/lambda-event.ts';
import { wordingOf } from '../contracts/api/problem-wording.ts';
import type { Refusal } from '../domain/refusal.ts';
import { isJson } from '../gateway/http/edge.ts';
import { readRequest } from '../gateway/intake/read-request.ts';
import { bodyBytes, jsonAnswer, type HttpAnswer } from '../platform/http.ts';
import type { Visitor } from './desk.ts';
import { createServer } from './server.ts';

/** Of this server, as its clients read it; not the version of the product. */
const VERSION = '1';

/** One HTTP request of an agent that is known: its JSON is read as strictly as everybody's, then it is the protocol's. */
export async function serve(visitor: Visitor, http: HttpEvent): Promise<HttpAnswer> {
  const handler = createMcpHandler(() => createServer(visitor, VERSION), {
    // A stream of changes never ends, so a function would be held until it is killed, once for every client there is.
    maxSubscriptions: 0,
    onerror: () => {
      visitor.deps.log.warn('mcp request not served', { request: http.requestContext.requestId });
    },
  });
  try {
    const { method } = http.requestContext.http;
    if (method !== 'POST') return await plain(await handler.fetch(requestOf(http, method)));
    if (!isJson(http.headers['content-type'])) return unreadable({ code: 'unsupported_media_type' });
    const read = readRequest(bodyBytes(http), z.json(), visitor.runtime.bundle.gateway.limits);
    if (!read.ok) return unreadable(read.error);
    if (Array.isArray(read.value)) return ONE_MESSAGE;
    return await plain(await handler.fetch(requestOf(http, method), { parsedBody: read.value }));
  } finally {
    await handler.close();
  }
}

function requestOf(http: HttpEvent, method: string): Request {
  const headers = new Headers();
  for (const name of PASSED_ON) {
    const value = http.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  return new Request(new URL(http.rawPath, 'https://gateway.invalid'), { method, headers });
}

/** The token stays here: nothing past this point has a use for it. */
const PASSED_ON = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'last-event-id'];

async function plain(response: Response): Promise<HttpAnswer> {
  const headers = Object.fromEntries(response.headers);
  return {
    statusCode: response.status,
    headers: { ...headers, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
    body: await response.text(),
  };
}

/** JSON-RPC has its own words for a body that is no JSON, or too much of it. */
const unreadable = (refusal: Refusal): HttpAnswer => {
  const { status, detail } = wordingOf(refusal);
  return fault(status, -32_700, detail);
};

const fault = (status: number, code: number, message: string): HttpAnswer =>
  jsonAnswer(status, { jsonrpc: '2.0', id: null, error: { code, message } });

/** A batch would pass a hundred calls through limits that count requests, and hold the line for each. */
const ONE_MESSAGE = fault(400, -32_600, 'Send one message a request: revision 2025-06-18 of MCP took batches out.');
