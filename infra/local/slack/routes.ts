import type { IncomingMessage, ServerResponse } from 'node:http';
import type { createControls } from './control.ts';
import { jsonOrNothing, serveControl } from './control.ts';
import type { Faults } from './faults.ts';
import { readBody, refusal, send, sendJson } from './http.ts';
import type { InteractContext } from './interact.ts';
import { ASSETS, PAGE_POLICY, renderPage, renderParts, viewerOf } from './page.ts';
import { takeResponse } from './response-url.ts';
import { serveWebApi, WEB_API_PREFIX } from './serve-web-api.ts';

export type Parts = InteractContext & {
  readonly botToken: string;
  readonly faults: Faults;
  readonly streams: Set<ServerResponse>;
  readonly controls: ReturnType<typeof createControls>;
};

/** True when the request was for us. `/slack/interactions` is a route of the product, not ours. */
export async function route(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const url = URL.parse(request.url ?? '/', 'http://localhost');
  const path = url?.pathname ?? '';
  if (path.startsWith(WEB_API_PREFIX)) {
    await routeApi(parts, request, response, path.slice(WEB_API_PREFIX.length));
    return true;
  }
  if (path === '/slack/interactions' || (path !== '/slack' && !path.startsWith('/slack/'))) return false;
  const refused = refusal(request);
  if (refused !== undefined) sendJson(response, 403, { ok: false, error: refused });
  else await routePage(parts, request, response, path, url?.searchParams ?? new URLSearchParams());
  return true;
}

async function routeApi(parts: Parts, request: IncomingMessage, response: ServerResponse, rest: string): Promise<void> {
  if (request.method !== 'POST') {
    sendJson(response, 405, { ok: false, error: 'use_post' }, { allow: 'POST' });
    return;
  }
  if (!rest.startsWith('response/')) {
    await serveWebApi(request, response, rest, parts);
    return;
  }
  const fault = parts.faults.next('response');
  if (fault !== undefined) {
    send(response, fault.status, 'text/plain; charset=utf-8', 'error');
    return;
  }
  const body = await readBody(request);
  const given = body === undefined ? undefined : jsonOrNothing(body.toString('utf8'));
  const taken = takeResponse(parts.workspace, parts.passing, rest.slice('response/'.length), given);
  send(response, taken.status, 'text/plain; charset=utf-8', taken.body);
}

async function routePage(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const control = parts.controls.get(path.slice('/slack/api/'.length));
  if (request.method === 'POST' && path.startsWith('/slack/api/') && control !== undefined) {
    await serveControl(request, response, control);
    return;
  }
  if (request.method !== 'GET' || !serveGet(parts, response, path, query)) {
    sendJson(response, 404, { ok: false, error: 'there is nothing here; the page is at /slack' });
  }
}

function serveGet(parts: Parts, response: ServerResponse, path: string, query: URLSearchParams): boolean {
  const asset = ASSETS.get(path);
  const viewer = viewerOf(parts.settings, query);
  if (asset !== undefined) send(response, 200, asset.type, asset.text);
  else if (path === '/slack') {
    const { messages } = renderParts(parts.workspace, parts.passing, viewer);
    const page = renderPage(parts.settings, viewer, messages);
    send(response, 200, 'text/html; charset=utf-8', page, { 'content-security-policy': PAGE_POLICY });
  } else if (path === '/slack/api/page') sendJson(response, 200, renderParts(parts.workspace, parts.passing, viewer));
  else if (path === '/slack/api/messages') {
    const { channels, users } = parts.settings;
    sendJson(response, 200, { ok: true, channels, users, messages: parts.workspace.messages() });
  } else if (path === '/slack/api/events') openStream(parts.streams, response);
  else return false;
  return true;
}

/** One page holds one stream; more than this is a leak, and the oldest goes. */
const MAX_STREAMS = 50;

/** Server-sent events: "something changed"; the page then asks for what it shows. */
function openStream(streams: Set<ServerResponse>, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  streams.add(response);
  response.on('close', () => streams.delete(response));
  const [oldest] = streams;
  if (streams.size > MAX_STREAMS) oldest?.end();
}
