import type { ControlDeps } from '../../shared/gateway/controls/stop.ts';
import { atEdge, isJson, refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';
import { ROUTES } from './routes.ts';

/** Stops and leases. Who may do what is read under the configuration of this very moment, as for votes. */
export const createHandler =
  (deps: ControlDeps) =>
  (event: unknown): Promise<HttpAnswer> =>
    atEdge(deps, event, async (http) => {
      const route = ROUTES[http.requestContext.routeKey];
      if (!isJson(http.headers['content-type'])) return refusalAnswer({ code: 'unsupported_media_type' });
      const runtime = await deps.runtime.fresh();
      if (!runtime.ok || route === undefined) return refusalAnswer({ code: 'configuration_unavailable' });
      const answer = await route(deps, runtime.value, http);
      return answer.ok ? jsonAnswer(200, answer.value) : refusalAnswer(answer.error);
    });
