import { checkRequestSchema } from '../../shared/contracts/api/execute.ts';
import { check } from '../../shared/gateway/check.ts';
import { atEdge, isJson, refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { identifyAgent } from '../../shared/gateway/intake/identify.ts';
import { readRequest } from '../../shared/gateway/intake/read-request.ts';
import type { JudgeDeps } from '../../shared/gateway/run/judge.ts';
import type { Surroundings } from '../../shared/gateway/runtime.ts';
import { bodyBytes, jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';

/** `POST /v1/check`: what would happen. Leaves no session: nothing was asked for. */
export const createHandler =
  (deps: Surroundings & JudgeDeps) =>
  (event: unknown): Promise<HttpAnswer> =>
    atEdge(deps, event, async (http, runtime) => {
      const agent = await identifyAgent(runtime, http.headers['authorization']);
      if (!agent.ok) return refusalAnswer(agent.error);
      if (!isJson(http.headers['content-type'])) return refusalAnswer({ code: 'unsupported_media_type' });
      const request = readRequest(bodyBytes(http), checkRequestSchema, runtime.bundle.gateway.limits);
      if (!request.ok) return refusalAnswer(request.error);
      const checked = await check(deps, runtime, agent.value, request.value);
      return checked.ok ? jsonAnswer(200, checked.value) : refusalAnswer(checked.error);
    });
