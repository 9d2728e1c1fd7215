import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { jsonOrNothing } from './control.ts';
import type { Faults } from './faults.ts';
import { readBody, sendJson } from './http.ts';
import { callMethod } from './web-api.ts';
import type { WebApiContext } from './web-api.ts';

export const WEB_API_PREFIX = '/slack-api/';

/** Slack's Web API over HTTP: bearer token, JSON or form body, always 200 but for what is ordered by `faults`. */
export async function serveWebApi(
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
  context: WebApiContext & { readonly botToken: string; readonly faults: Faults },
): Promise<void> {
  const body = await readBody(request);
  const fault = context.faults.next(method);
  if (fault !== undefined) {
    const wait: Record<string, string> = fault.status === 429 ? { 'retry-after': String(fault.retryAfter) } : {};
    sendJson(
      response,
      fault.status,
      { ok: false, error: fault.status === 429 ? 'ratelimited' : 'internal_error' },
      wait,
    );
    return;
  }
  const refused = authFault(request.headers.authorization, context.botToken);
  if (refused !== undefined || body === undefined) {
    sendJson(response, 200, { ok: false, error: refused ?? 'request_too_large' });
    return;
  }
  // What the app was installed with, as docs/slack-app.yaml has it; Slack says so with every answer.
  sendJson(response, 200, callMethod(context, method, argumentsOf(request, body)), { 'x-oauth-scopes': 'chat:write' });
}

function authFault(authorization: string | undefined, botToken: string): 'not_authed' | 'invalid_auth' | undefined {
  if (authorization === undefined) return 'not_authed';
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${botToken}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? undefined : 'invalid_auth';
}

/** In a form, structured arguments arrive as JSON text, as Slack's own client sends them. */
const STRUCTURED = new Set(['blocks', 'metadata', 'view']);

function argumentsOf(request: IncomingMessage, body: Buffer): Record<string, unknown> {
  const text = body.toString('utf8');
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) {
    return z.record(z.string(), z.unknown()).safeParse(jsonOrNothing(text)).data ?? {};
  }
  const fields = [...new URLSearchParams(text)];
  return Object.fromEntries(fields.map(([name, value]) => [name, STRUCTURED.has(name) ? jsonOrNothing(value) : value]));
}
