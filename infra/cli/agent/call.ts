import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { UsageError } from '../usage-error.ts';
import { envelopeSchema, type Heard, type Reply, type Silence } from './reply.ts';
import type { TokenSource } from './tokens.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Line {
  readonly url: string;
  readonly token: TokenSource;
  /** Ctrl-C, or the end of the job. */
  readonly stop: AbortSignal;
}

/** Longer than the gateway holds a line (25 s), and than API Gateway does (30 s). */
const TIMEOUT_MS = 35_000;
/** Tries at reaching it: 7 s in all. Every request may be repeated: reads change nothing, and execute has its key. */
const PAUSES_MS = [0, 500, 1_500, 5_000];

/** Calls until there is an answer that another try would not better. */
export async function patiently(line: Line, call: Call): Promise<Reply> {
  let last: Reply | undefined;
  let arrived = false;
  for (const pause of PAUSES_MS) {
    if (!(await rested(pause, line.stop))) break;
    last = await once(line, call);
    arrived ||= last.kind === 'heard' || last.arrived;
    if (last.kind === 'heard' ? last.http < 500 || last.http === 504 : last.final) break;
  }
  if (last?.kind === 'heard') return last;
  return { ...(last ?? silence('Interrupted', false)), arrived };
}

/** Waits, unless it is told to stop meanwhile. */
export const rested = (ms: number, stop: AbortSignal): Promise<boolean> =>
  stop.aborted ? Promise.resolve(false) : sleep(ms, true, { signal: stop }).catch(() => false);

async function once({ url, token, stop }: Line, { method, path, body, headers }: Call): Promise<Reply> {
  let bearer: string;
  try {
    bearer = await token();
  } catch (error) {
    return silence(messageOf(error), false, error instanceof UsageError);
  }
  try {
    const response = await fetch(new URL(path, url), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { ...headers, authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), stop]),
    });
    return heardIn(response, await response.json().catch(() => undefined), url);
  } catch (error) {
    if (stop.aborted) return silence('Interrupted', true, true);
    return silence(`${url} does not answer (${causeOf(error)})`, !NEVER_SENT.has(causeOf(error)));
  }
}

function heardIn({ status }: Response, json: unknown, url: string): Heard | Silence {
  const body = envelopeSchema.safeParse(json);
  if (body.success) return { kind: 'heard', http: status, body: body.data };
  return silence(`${url} answered ${String(status)} with something that is not of a gateway`, true);
}

const silence = (why: string, arrived: boolean, final = false): Silence => ({ kind: 'silence', why, arrived, final });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const coded = z.looseObject({ code: z.string() });

/** What Node says of a connection, e.g. `ECONNREFUSED`; fetch itself says only that it failed. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = coded.safeParse(error.cause);
  return cause.success ? cause.data.code : error.name === 'TimeoutError' ? 'no answer in time' : error.message;
}

/** Faults of a connection that was never made, so nothing can have arrived. Everything else may have been sent. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
