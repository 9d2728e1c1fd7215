import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import { isFinal } from '../../shared/domain/session-status.ts';
import type { Answered, ExecuteDeps } from '../../shared/gateway/answered.ts';
import { execute } from '../../shared/gateway/execute.ts';
import { answerSession } from '../../shared/gateway/http/answer-session.ts';
import { atEdge, refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { identifyAgent } from '../../shared/gateway/intake/identify.ts';
import { unreadSubmission } from '../../shared/gateway/intake/submission.ts';
import { readSession, resultOf } from '../../shared/gateway/read-sessions.ts';
import { refuse } from '../../shared/gateway/refuse.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { sessionId } from '../../shared/gateway/session-id.ts';
import { bodyBytes, type HttpAnswer } from '../../shared/platform/http.ts';
import { readCall } from './read-call.ts';

/** `POST /v1/execute`: who is it, what is asked, then the story. */
export const createHandler =
  (deps: ExecuteDeps) =>
  (event: unknown): Promise<HttpAnswer> =>
    atEdge(deps, event, (http, runtime) => answer(deps, http, runtime));

async function answer(deps: ExecuteDeps, http: HttpEvent, runtime: Runtime): Promise<HttpAnswer> {
  const agent = await identifyAgent(runtime, http.headers['authorization']);
  if (!agent.ok) return refusalAnswer(agent.error);
  const call = readCall(http, runtime.bundle.gateway.limits, agent.value);
  if (!call.ok) {
    const id = sessionId(agent.value, undefined, deps.clock());
    const refused = await refuse(deps, id, unreadSubmission(agent.value, bodyBytes(http)), call.error);
    return refusalAnswer(call.error, refused.ok ? {} : refused.error);
  }
  const ended = await execute(deps, runtime, call.value);
  if (!ended.ok) return refusalAnswer(ended.error.refusal, ended.error);
  const wait = call.value.request.wait ?? 0;
  return wait > 0 && !isFinal(ended.value.session.status)
    ? holdTheLine(deps, runtime, ended.value, wait)
    : answerSession(ended.value.session, await resultIn(deps, ended.value), ended.value.recorded, ended.value.joined);
}

async function holdTheLine(
  deps: ExecuteDeps,
  runtime: Runtime,
  waiting: Answered,
  seconds: number,
): Promise<HttpAnswer> {
  const { id, submitted } = waiting.session;
  const waited = await readSession(deps, runtime.bundle.gateway, submitted.agent, id, seconds);
  const session = waited.ok ? waited.value : waiting.session;
  return answerSession(session, await resultOf(deps.blobs, session), true, waiting.joined);
}

const resultIn = (deps: ExecuteDeps, { session, result }: Answered) =>
  result === undefined ? resultOf(deps.blobs, session) : Promise.resolve(result);
