import { statementOf } from '../../shared/connectors/kubernetes/http/request.ts';
import { executeRequestSchema } from '../../shared/contracts/api/execute.ts';
import type { Limits } from '../../shared/contracts/config/limits.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import type { Agent } from '../../shared/domain/caller.ts';
import type { Refusal } from '../../shared/domain/refusal.ts';
import type { ExecuteCall } from '../../shared/gateway/answered.ts';
import { check } from '../../shared/gateway/intake/read-request.ts';
import { bodyBytes } from '../../shared/platform/http.ts';
import { err, ok, type Result } from '../../shared/platform/result.ts';

/** One request of kubectl as a call: method, path, query and body are the statement, the first two segments say where. */
export function readCall(http: HttpEvent, limits: Limits, agent: Agent): Result<ExecuteCall, Refusal> {
  const body = bodyBytes(http);
  if (body.byteLength > limits.requestBytes) return err({ code: 'request_too_large', limitBytes: limits.requestBytes });
  const { method } = http.requestContext.http;
  const read = statementOf({ method, target: targetOf(http), headers: http.headers, body });
  if (!read.ok) return read;
  const connection = http.pathParameters?.['connection'] ?? '';
  const request = check(executeRequestSchema, { connection, ...read.value });
  return request.ok ? ok({ agent, request: request.value, collects: true }) : request;
}

/** What the API server is asked: the path as it was sent, behind the two segments that lead here, and the query. */
export function targetOf({ rawPath, rawQueryString }: HttpEvent): string {
  const path = rawPath.replace(/^\/k8s\/[^/]*/, '');
  return rawQueryString === '' ? path : `${path}?${rawQueryString}`;
}
