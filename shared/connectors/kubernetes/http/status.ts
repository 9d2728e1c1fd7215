import { problemOf } from '../../../contracts/api/problem.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import type { HttpAnswer } from '../../../platform/http.ts';
import { kubernetesAnswer } from './answer.ts';

/** What is said of a refusal beside the refusal itself. */
export interface About {
  readonly session?: string;
  readonly recorded?: boolean;
  /** It was a watch that could not be carried. */
  readonly watch?: boolean;
}

/** meta/v1's reasons by HTTP status (apimachinery, pkg/apis/meta/v1/types.go). kubectl prints reason and message. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Longest wait that a client is asked for: kubectl waits by itself, up to ten times, and says nothing while it does. */
const MAX_RETRY_SECONDS = 60;

/** A refusal in the shape that kubectl prints well: a `Status` with the policy's own words, and the session that recorded it. */
export function refusalStatus(refusal: Refusal, about: About = {}): HttpAnswer {
  const { code, reason, message } = told(refusal, about);
  const where = about.session === undefined ? '' : ` (Countersign session ${about.session})`;
  const unrecorded = about.recorded === false ? ' (this refusal could not be put on record)' : '';
  return statusAnswer(code, reason, `${message}${where}${unrecorded}`, refusal.code, {
    ...(about.session === undefined ? {} : { session: about.session }),
    headers: headersOf(refusal),
  });
}

function told(refusal: Refusal, about: About): { code: number; reason: string; message: string } {
  if (refusal.code !== 'target_error') {
    const { status, detail } = problemOf(refusal);
    // A conflict is what clients try again by themselves; none of the gateway's own gets better by that.
    const code = status === 409 ? 403 : status;
    return { code, reason: REASONS[code] ?? '', message: detail };
  }
  const { reason, detail } = refusal;
  if (reason === 'not_carried') {
    // 410 is what a watch gets that cannot go on: clients list again then, and `kubectl rollout status` works by that.
    const code = about.watch === true ? 410 : 405;
    return { code, reason: REASONS[code] ?? '', message: detail };
  }
  return { code: statusOf(reason), reason, message: detail };
}

/** The API server's own refusal comes through as it was: its reason tells its status. */
function statusOf(reason: string): number {
  if (reason === 'AlreadyExists') return 409;
  const numbered = Number(/^HTTP_(\d{3})$/.exec(reason)?.[1] ?? Number.NaN);
  const known = Object.entries(REASONS).find(
    ([, name]) => name === reason || (reason === 'Gone' && name === 'Expired'),
  );
  return known === undefined ? (Number.isNaN(numbered) ? 500 : numbered) : Number(known[0]);
}

function headersOf(refusal: Refusal): Readonly<Record<string, string>> {
  if (refusal.code === 'unauthenticated' && refusal.challenge !== undefined)
    return { 'www-authenticate': refusal.challenge };
  return refusal.code === 'rate_limited' && refusal.retryAfterSeconds <= MAX_RETRY_SECONDS
    ? { 'retry-after': String(refusal.retryAfterSeconds) }
    : {};
}

/**
 * `details` name what it is about, for programs. No other answer of these carries `Retry-After`: client-go would send the
 * request again, in silence, and the person at the terminal would wait for nothing.
 */
export function statusAnswer(
  code: number,
  reason: string,
  message: string,
  cause: string,
  more: { readonly session?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): HttpAnswer {
  const named = more.session === undefined ? {} : { group: 'countersign', kind: 'sessions', name: more.session };
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    details: { ...named, causes: [{ reason: cause, message }] },
    code,
  };
  return kubernetesAnswer(code, 'application/json', JSON.stringify(body), more.headers);
}
