import { cancelRequestSchema } from '../../shared/contracts/api/vote.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import { cancel } from '../../shared/gateway/approval/cancel.ts';
import type { BallotDeps } from '../../shared/gateway/approval/cast-ballot.ts';
import { refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { identifyAgent } from '../../shared/gateway/intake/identify.ts';
import { readRequest } from '../../shared/gateway/intake/read-request.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { viewSession } from '../../shared/gateway/view-session.ts';
import { bodyBytes, jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';

/** The agent takes back its own; without a body there is no comment. */
export async function takeBack(deps: BallotDeps, runtime: Runtime, http: HttpEvent, id: string): Promise<HttpAnswer> {
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
