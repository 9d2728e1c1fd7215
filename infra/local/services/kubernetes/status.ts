import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { err } from '../../../../shared/platform/result.ts';

/** The reasons of meta/v1 that are used here, and the HTTP status of each (apimachinery, pkg/api/errors). */
const CODES = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  InternalError: 500,
} as const;

export interface Fault {
  readonly reason: keyof typeof CODES;
  readonly message: string;
  readonly details?: JsonObject;
}

export const fault = (reason: Fault['reason'], message: string, details?: JsonObject): Result<never, Fault> =>
  err({ reason, message, ...(details === undefined ? {} : { details }) });

/** An error as the API server words it: a `Status` object, whose `message` kubectl prints. */
export function statusOf({ reason, message, details }: Fault): { readonly code: number; readonly body: JsonObject } {
  const code = CODES[reason];
  const more = details === undefined ? {} : { details };
  return {
    code,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...more, code },
  };
}
