import { sessionQuerySchema, sessionsQuerySchema } from '../../shared/contracts/api/sessions-query.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { isFinal } from '../../shared/domain/session-status.ts';
import { atEdge, refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { textOf } from '../../shared/gateway/approval/announce.ts';
import { identify } from '../../shared/gateway/intake/identify.ts';
import { check } from '../../shared/gateway/intake/read-request.ts';
import { listSessions, readSession, resultOf, type ReadDeps } from '../../shared/gateway/read-sessions.ts';
import { reachable } from '../../shared/gateway/reachable.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { viewSession, viewStory } from '../../shared/gateway/view-session.ts';
import { ok } from '../../shared/platform/result.ts';
import { jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';

/** `GET /v1/sessions`, `GET /v1/sessions/{id}`, `GET /v1/connections`: what the caller may see. */
export const createHandler =
  (deps: ReadDeps) =>
  (event: unknown): Promise<HttpAnswer> =>
    atEdge(deps, event, async (http, runtime) => {
      const caller = await identify(runtime, http.headers['authorization']);
      if (!caller.ok) return refusalAnswer(caller.error);
      if (http.requestContext.routeKey === 'GET /v1/connections')
        return jsonAnswer(200, { connections: reachable(runtime, caller.value) });
      const id = http.pathParameters?.['id'];
      return id === undefined ? list(deps, runtime, caller.value, http) : one(deps, runtime, caller.value, id, http);
    });

async function one(deps: ReadDeps, runtime: Runtime, caller: Caller, id: string, http: HttpEvent): Promise<HttpAnswer> {
  const query = check(sessionQuerySchema, http.queryStringParameters ?? {});
  if (!query.ok) return refusalAnswer(query.error);
  const session = await readSession(deps, runtime.bundle.gateway, caller, id, query.value.wait);
  if (!session.ok) return refusalAnswer(session.error);
  const [result, statement] = await Promise.all([
    resultOf(deps.blobs, session.value),
    textOf(deps.blobs, session.value.submitted.statement),
  ]);
  const headers: Record<string, string> = isFinal(session.value.status) ? {} : { 'retry-after': '2' };
  const review = session.value.breakGlass === undefined ? ok(undefined) : await deps.controls.reviews.get(id);
  if (!review.ok) return refusalAnswer({ code: 'record_unavailable' });
  return jsonAnswer(200, viewStory(session.value, { result, review: review.value, statement }), headers);
}

async function list(deps: ReadDeps, runtime: Runtime, caller: Caller, http: HttpEvent): Promise<HttpAnswer> {
  const query = check(sessionsQuerySchema, http.queryStringParameters ?? {});
  if (!query.ok) return refusalAnswer(query.error);
  const page = await listSessions(deps, runtime.bundle.gateway, caller, query.value);
  if (!page.ok) return refusalAnswer(page.error);
  const { sessions, next } = page.value;
  return jsonAnswer(200, {
    sessions: sessions.map((session) => viewSession(session)),
    ...(next === undefined ? {} : { next }),
  });
}
