import { openApiDocument } from '../../shared/contracts/api/openapi.ts';
import { httpEventSchema } from '../../shared/contracts/lambda-event.ts';
import { jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';

/** `GET /healthz` says that functions run at all; `GET /v1/openapi.json` describes the API. Neither needs a token. */
export const createHandler =
  () =>
  (event: unknown): Promise<HttpAnswer> => {
    const http = httpEventSchema.safeParse(event);
    const wantsDescription = http.success && http.data.requestContext.routeKey === 'GET /v1/openapi.json';
    return Promise.resolve(jsonAnswer(200, wantsDescription ? openApiDocument() : { status: 'ok' }));
  };
