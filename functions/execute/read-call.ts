import { executeRequestSchema, idempotencyKeySchema } from '../../shared/contracts/api/execute.ts';
import type { Limits } from '../../shared/contracts/config/limits.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import type { Agent } from '../../shared/domain/caller.ts';
import type { Refusal } from '../../shared/domain/refusal.ts';
import type { ExecuteCall } from '../../shared/gateway/answered.ts';
import { isJson } from '../../shared/gateway/http/edge.ts';
import { readRequest } from '../../shared/gateway/intake/read-request.ts';
import { bodyBytes } from '../../shared/platform/http.ts';
import { err, ok, type Result } from '../../shared/platform/result.ts';

/** Headers and body as one call, or the first thing that is wrong with them. */
export function readCall(http: HttpEvent, limits: Limits, agent: Agent): Result<ExecuteCall, Refusal> {
  if (!isJson(http.headers['content-type'])) return err({ code: 'unsupported_media_type' });
  const header = http.headers['idempotency-key'];
  const key = idempotencyKeySchema.safeParse(header);
  if (header !== undefined && !key.success) {
    return err({
      code: 'invalid_request',
      member: 'Idempotency-Key',
      detail: 'is 1 to 128 printable ASCII characters without spaces.',
    });
  }
  const request = readRequest(bodyBytes(http), executeRequestSchema, limits);
  if (!request.ok) return request;
  return ok({ agent, request: request.value, ...(key.success ? { idempotencyKey: key.data } : {}) });
}
