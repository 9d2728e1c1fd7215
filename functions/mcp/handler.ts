import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import { atEdge, refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { identifyAgent } from '../../shared/gateway/intake/identify.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { strangerIn } from '../../shared/mcp/callers.ts';
import type { McpDeps } from '../../shared/mcp/desk.ts';
import { resourceMetadata, withMetadata } from '../../shared/mcp/discovery.ts';
import { serve } from '../../shared/mcp/serve.ts';
import { jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';

/** `/mcp`: who is it, and then the tools; and where a client finds out whose token it needs. */
export const createHandler =
  (deps: McpDeps) =>
  (event: unknown): Promise<HttpAnswer> =>
    atEdge(deps, event, (http, runtime) =>
      http.rawPath.startsWith('/.well-known/')
        ? Promise.resolve(jsonAnswer(200, resourceMetadata(runtime.bundle.gateway)))
        : answer(deps, http, runtime),
    );

async function answer(deps: McpDeps, http: HttpEvent, runtime: Runtime): Promise<HttpAnswer> {
  const since = deps.clock();
  const { gateway } = runtime.bundle;
  const stranger = strangerIn(http.headers, gateway);
  if (stranger !== undefined) return refusalAnswer({ code: 'origin_not_allowed', header: stranger.header });
  const agent = await identifyAgent(runtime, http.headers['authorization']);
  if (!agent.ok) {
    const { error } = agent;
    if (error.code !== 'unauthenticated' || error.challenge === undefined) return refusalAnswer(error);
    return refusalAnswer({ ...error, challenge: withMetadata(error.challenge, gateway) });
  }
  return serve({ deps, runtime, agent: agent.value, since }, http);
}
