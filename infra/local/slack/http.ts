import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostname } from '../services/wire/origin.ts';

/** Forms, views and messages stay far below; the gateway's own bodies are bounded by Block Kit. */
const MAX_BODY_BYTES = 1_048_576;

/** The whole body, or `undefined` when it is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  more: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...more,
  });
  response.end(body);
}

export const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  more: Record<string, string> = {},
): void => {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value), more);
};

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

/**
 * Why a request may not use the page and its controls, which know no password: whoever reaches them can press Approve.
 * A Host that is not loopback is another site whose name was rebound to this machine; an Origin other than the Host,
 * or a browser that says the request comes from another site, is another page. Posts must be JSON, which a foreign
 * page cannot send without asking first.
 */
export function refusal(request: IncomingMessage): string | undefined {
  const { host = '', origin, 'content-type': type = '' } = request.headers;
  if (!LOOPBACK.has(hostname(host))) return 'open this page as http://127.0.0.1 or http://localhost';
  if (origin !== undefined && origin !== `http://${host}`) return 'requests of other origins are refused';
  if (!isOwnSite(request)) return 'requests of other sites are refused';
  if (request.method === 'POST' && !/^application\/json\s*(;|$)/.test(type)) return 'send JSON';
  return undefined;
}

/** A link from elsewhere may lead to the page; what the page fetches comes from the page itself. */
function isOwnSite({ method, headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
}
