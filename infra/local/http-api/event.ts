import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { JsonObject } from '../../../shared/platform/json-value.ts';
import type { RouteMatch } from './routes.ts';

/** Bodies of these types reach the function as text, all others as base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)$|application\/[a-z0-9.+-]*\+(json|xml)$)/;

/**
 * The event of payload format 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 * Like API Gateway it decodes a text body as UTF-8, so invalid bytes arrive as U+FFFD, and a form arrives as base64.
 */
export function httpApiEvent(request: IncomingMessage, match: RouteMatch, body: Buffer, now: Date): JsonObject {
  const [rawPath, rawQueryString] = splitTarget(request.url ?? '/');
  const headers = joinHeaders(request);
  const cookies = request.headers.cookie?.split(/;\s*/);
  const query = joinQuery(rawQueryString);
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath,
    rawQueryString,
    headers,
    ...(cookies === undefined ? {} : { cookies }),
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: match.pathParameters }),
    requestContext: requestContext(request, match.route.routeKey, rawPath, now),
    ...bodyOf(headers['content-type'], body),
  };
}

export function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** Lower-case names; several headers of one name become one value joined by commas. Cookies travel apart. */
function joinHeaders(request: IncomingMessage): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (name !== 'cookie' && values !== undefined) joined[name] = values.join(',');
  }
  const from = request.socket.remoteAddress ?? '127.0.0.1';
  return {
    ...joined,
    'x-forwarded-for': joined['x-forwarded-for'] === undefined ? from : `${joined['x-forwarded-for']}, ${from}`,
    'x-forwarded-port': String(request.socket.localPort ?? ''),
    'x-forwarded-proto': request.socket instanceof TLSSocket ? 'https' : 'http',
    'x-amzn-trace-id': `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`,
  };
}

function joinQuery(rawQueryString: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

function requestContext(request: IncomingMessage, routeKey: string, path: string, now: Date): JsonObject {
  const host = request.headers.host ?? '127.0.0.1';
  return {
    accountId: '000000000000',
    apiId: 'embedded',
    domainName: host,
    domainPrefix: host.split('.')[0] ?? host,
    http: {
      method: request.method ?? 'GET',
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey,
    stage: '$default',
    time: commonLogTime(now),
    timeEpoch: now.getTime(),
  };
}

/** `12/Mar/2026:19:03:58 +0000` */
function commonLogTime(now: Date): string {
  const [, day, month, year, time] = now.toUTCString().split(' ');
  return `${day ?? ''}/${month ?? ''}/${year ?? ''}:${time ?? ''} +0000`;
}

function bodyOf(contentType: string | undefined, body: Buffer): JsonObject {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const text = TEXT.test(type);
  return { body: body.toString(text ? 'utf8' : 'base64'), isBase64Encoded: !text };
}
