import { problemOf } from '../../contracts/api/problem.ts';
import { httpEventSchema, type HttpEvent } from '../../contracts/lambda-event.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { problemAnswer, type HttpAnswer } from '../../platform/http.ts';
import type { Runtime, Surroundings } from '../runtime.ts';

/**
 * The edge of every HTTP function: reads the event, makes sure there is a configuration to judge by, and turns
 * whatever was not foreseen into an answer that gives nothing away. Fails closed: no configuration, no service.
 */
export async function atEdge(
  deps: Surroundings,
  event: unknown,
  work: (event: HttpEvent, runtime: Runtime) => Promise<HttpAnswer>,
  refuse: (refusal: Refusal) => HttpAnswer = refusalAnswer,
): Promise<HttpAnswer> {
  const parsed = httpEventSchema.safeParse(event);
  if (!parsed.success) return refuse({ code: 'internal' });
  try {
    const runtime = await deps.runtime.current();
    return runtime.ok ? await work(parsed.data, runtime.value) : refuse({ code: 'configuration_unavailable' });
  } catch (error) {
    deps.log.error('request failed', {
      route: parsed.data.requestContext.routeKey,
      request: parsed.data.requestContext.requestId,
      ...faultOf(error),
    });
    return refuse({ code: 'internal' });
  }
}

/** Name and place, not the message: messages quote what they were given. */
function faultOf(error: unknown): { error: string; at: string } {
  if (!(error instanceof Error)) return { error: typeof error, at: '' };
  return {
    error: error.name,
    at:
      error.stack
        ?.split('\n')
        .slice(1, 4)
        .map((line) => line.trim())
        .join(' < ') ?? '',
  };
}

/** A refusal as problem+json (RFC 9457), with the headers that belong to it. */
export function refusalAnswer(
  refusal: Refusal,
  about: { readonly session?: string; readonly recorded?: boolean } = {},
): HttpAnswer {
  const problem = problemOf(refusal, about.session);
  return problemAnswer(
    problem.status,
    about.recorded === false ? { ...problem, recorded: false } : problem,
    headersOf(refusal),
  );
}

function headersOf(refusal: Refusal): Readonly<Record<string, string>> {
  if (refusal.code === 'unauthenticated') {
    return {
      ...(refusal.challenge === undefined ? {} : { 'www-authenticate': refusal.challenge }),
      ...(refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) }),
    };
  }
  if (refusal.code === 'rate_limited') return { 'retry-after': String(refusal.retryAfterSeconds) };
  return RETRY_LATER.has(refusal.code) ? { 'retry-after': '5' } : {};
}

const RETRY_LATER: ReadonlySet<string> = new Set([
  'record_unavailable',
  'workflow_unavailable',
  'configuration_unavailable',
  'target_unavailable',
  'too_many_pending',
]);

/** RFC 8259 has one media type; a charset other than UTF-8 would make another text of the same bytes. */
export function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(contentType.trim());
}
