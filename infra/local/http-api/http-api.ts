import type { IncomingMessage } from 'node:http';
import type { LambdaRuntime } from '../lambda/runtime.ts';
import type { InvocationOutcome } from '../lambda/protocol.ts';
import { gatewayMessage, httpAnswer, serviceUnavailable } from './answer.ts';
import type { HttpAnswer } from './answer.ts';
import { httpApiEvent, splitTarget } from './event.ts';
import { headTooLarge, readBody } from './read-request.ts';
import { createRouter } from './routes.ts';
import type { Route, RouteMatch } from './routes.ts';
import { send } from './server.ts';
import type { Handle } from './server.ts';

/**
 * An API Gateway HTTP API in front of the functions: routing, payload format 2.0, and its limits (10,240 bytes of
 * head, 10 MB of body, 30 s of integration). It has no authorizers, no CORS, no throttling and no TLS.
 */
export function createHttpApi(routes: readonly Route[], lambda: Pick<LambdaRuntime, 'invoke'>): Handle {
  const route = createRouter(routes);
  return async (request, response) => {
    const [path] = splitTarget(request.url ?? '/');
    const match = route(request.method ?? 'GET', path);
    if (match === undefined) return false;
    send(request, response, await answer(request, match, lambda));
    return true;
  };
}

async function answer(
  request: IncomingMessage,
  match: RouteMatch,
  lambda: Pick<LambdaRuntime, 'invoke'>,
): Promise<HttpAnswer> {
  if (headTooLarge(request)) return gatewayMessage(431, 'Request Header Fields Too Large');
  const body = await readBody(request);
  if (body === undefined) return gatewayMessage(413, 'Request Entity Too Large');
  const event = httpApiEvent(request, match, body, new Date());
  const outcome = await withinSeconds(lambda.invoke(match.route.functionArn, event), match.route.timeoutSeconds);
  return outcome === undefined ? serviceUnavailable() : httpAnswer(outcome);
}

/** API Gateway stops waiting; the function is not stopped by that and may still finish. */
async function withinSeconds(
  work: Promise<InvocationOutcome>,
  seconds: number,
): Promise<InvocationOutcome | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, seconds * 1000);
  });
  const first = await Promise.race([work, late]);
  clearTimeout(timer);
  return first;
}
