import { cancelRequestSchema, voteRequestSchema } from '../../shared/contracts/api/vote.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import { cancel } from '../../shared/gateway/approval/cancel.ts';
import { castBallot, type BallotDeps } from '../../shared/gateway/approval/cast-ballot.ts';
import { refusalOfBallot } from '../../shared/gateway/approval/refusal-of-ballot.ts';
import { atEdge, isJson, refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { identifyAgent, identifyPerson } from '../../shared/gateway/intake/identify.ts';
import { readRequest } from '../../shared/gateway/intake/read-request.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { viewSession } from '../../shared/gateway/view-session.ts';
import { bodyBytes, jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';

/** `POST /v1/sessions/{id}/approve|deny` by a person, `/cancel` by the session's agent. */
export const createHandler =
  (deps: BallotDeps) =>
  (event: unknown): Promise<HttpAnswer> =>
    atEdge(deps, event, (http, runtime) => {
      const id = http.pathParameters?.['id'] ?? '';
      if (!isJson(http.headers['content-type']))
        return Promise.resolve(refusalAnswer({ code: 'unsupported_media_type' }));
      if (http.requestContext.routeKey.endsWith('/cancel')) return takeBack(deps, runtime, http, id);
      return vote(deps, runtime, http, {
        id,
        verdict: http.requestContext.routeKey.endsWith('/approve') ? 'approve' : 'deny',
      });
    });

async function vote(
  deps: BallotDeps,
  runtime: Runtime,
  http: HttpEvent,
  on: { id: string; verdict: 'approve' | 'deny' },
): Promise<HttpAnswer> {
  const person = await identifyPerson(runtime, http.headers['authorization']);
  if (!person.ok) return refusalAnswer(person.error);
  const request = readRequest(bodyBytes(http), voteRequestSchema, runtime.bundle.gateway.limits);
  if (!request.ok) return refusalAnswer(request.error);
  const { seal, comment } = request.value;
  const said = comment === undefined ? {} : { comment };
  const receipt = await castBallot(deps, {
    session: on.id,
    seal,
    verdict: on.verdict,
    ...said,
    voter: { via: 'api', person: person.value.id },
  });
  return receipt.ok
    ? jsonAnswer(200, { session: on.id, ...receipt.value })
    : refusalAnswer(refusalOfBallot(receipt.error), { session: on.id });
}

async function takeBack(deps: BallotDeps, runtime: Runtime, http: HttpEvent, id: string): Promise<HttpAnswer> {
  const agent = await identifyAgent(runtime, http.headers['authorization']);
  if (!agent.ok) return refusalAnswer(agent.error);
  const bytes = bodyBytes(http);
  const request = readRequest(
    bytes.byteLength === 0 ? Buffer.from('{}') : bytes,
    cancelRequestSchema,
    runtime.bundle.gateway.limits,
  );
  if (!request.ok) return refusalAnswer(request.error);
  const session = await cancel(deps, agent.value, id, request.value.comment);
  return session.ok ? jsonAnswer(200, viewSession(session.value)) : refusalAnswer(session.error, { session: id });
}
