import { httpEventSchema } from '../../shared/contracts/lambda-event.ts';
import type { Surroundings } from '../../shared/gateway/runtime.ts';
import type { HttpAnswer } from '../../shared/platform/http.ts';
import { FILES, sessionPage } from './page.ts';

/**
 * `GET /sessions/{id}`, the link in every message; `GET /signed-in`, where people come back to from their identity
 * provider; and the files of that page. Needs no token and knows no session: whoever holds a link gets the same bytes for
 * every id, and reads the session itself only over the API, as themselves.
 */
export const createHandler =
  (deps: Surroundings) =>
  async (event: unknown): Promise<HttpAnswer> => {
    const http = httpEventSchema.safeParse(event);
    if (!http.success) return answer(400, 'text/plain; charset=utf-8', 'not an HTTP API event');
    if (http.data.requestContext.routeKey === 'GET /pages/{file}') {
      const file = FILES.get(http.data.pathParameters?.['file'] ?? '');
      return file === undefined
        ? answer(404, 'text/plain; charset=utf-8', 'Not Found')
        : answer(200, file.type, file.text);
    }
    const runtime = await deps.runtime.current();
    if (!runtime.ok) return answer(503, 'text/plain; charset=utf-8', 'The configuration cannot be read; try again.');
    const { html, policy } = sessionPage(runtime.value.bundle.gateway);
    return answer(200, 'text/html; charset=utf-8', html, { 'content-security-policy': policy });
  };

/** The address holds a session's id, and later the code of a sign-in: neither is passed on as a referrer, or kept. */
const answer = (statusCode: number, type: string, body: string, more: Record<string, string> = {}): HttpAnswer => ({
  statusCode,
  headers: {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...more,
  },
  body,
});
