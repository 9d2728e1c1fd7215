import { documentAnswer } from '../../shared/connectors/kubernetes/http/answer.ts';
import { carried } from '../../shared/connectors/kubernetes/http/carried.ts';
import { isWatch } from '../../shared/connectors/kubernetes/http/request.ts';
import { waitingStatus } from '../../shared/connectors/kubernetes/http/waiting.ts';
import { refusalStatus } from '../../shared/connectors/kubernetes/http/status.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import type { Answered, ExecuteDeps } from '../../shared/gateway/answered.ts';
import { execute } from '../../shared/gateway/execute.ts';
import { atEdge } from '../../shared/gateway/http/edge.ts';
import { identifyAgent } from '../../shared/gateway/intake/identify.ts';
import { unreadSubmission } from '../../shared/gateway/intake/submission.ts';
import { resultOf } from '../../shared/gateway/read-sessions.ts';
import { refusalOfSession } from '../../shared/gateway/refusal-of-session.ts';
import { refuse } from '../../shared/gateway/refuse.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { sessionId } from '../../shared/gateway/session-id.ts';
import { bodyBytes, type HttpAnswer } from '../../shared/platform/http.ts';
import { readCall, targetOf } from './read-call.ts';

/** `/k8s/{connection}/…`: what kubectl sends is one statement, and goes the way of every statement. */
export const createHandler =
  (deps: ExecuteDeps) =>
  (event: unknown): Promise<HttpAnswer> =>
    atEdge(deps, event, (http, runtime) => answer(deps, http, runtime), refusalStatus);

async function answer(deps: ExecuteDeps, http: HttpEvent, runtime: Runtime): Promise<HttpAnswer> {
  const agent = await identifyAgent(runtime, http.headers['authorization']);
  if (!agent.ok) return refusalStatus(agent.error);
  const call = readCall(http, runtime.bundle.gateway.limits, agent.value);
  if (!call.ok) {
    const id = sessionId(agent.value, undefined, deps.clock());
    const refused = await refuse(deps, id, unreadSubmission(agent.value, bodyBytes(http)), call.error);
    return refusalStatus(call.error, refused.ok ? {} : refused.error);
  }
  const ended = await execute(deps, runtime, call.value);
  return ended.ok ? answerOf(deps, http, ended.value) : refusalStatus(ended.error.refusal, ended.error);
}

async function answerOf(deps: ExecuteDeps, http: HttpEvent, answered: Answered): Promise<HttpAnswer> {
  const { session, recorded } = answered;
  const [method, target] = [http.requestContext.http.method, targetOf(http)];
  const refusal = refusalOfSession(session);
  if (refusal !== undefined)
    return refusalStatus(refusal, { session: session.id, recorded, watch: isWatch(method, target) });
  if (session.status !== 'succeeded') return waitingStatus(session);
  return carried(documentAnswer(method, target, answered.result ?? (await resultOf(deps.blobs, session))), session.id);
}
