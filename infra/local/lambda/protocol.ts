import type { JsonValue } from '../../../shared/platform/json-value.ts';

/** Parent to thread. The event travels as JSON text, as it does to Lambda, so nothing but JSON can reach a handler. */
export type Invoke = {
  readonly id: string;
  readonly event: string;
  /** Milliseconds since 1970 at which the invocation is over. */
  readonly deadline: number;
};

export type HandlerError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
};

/** Thread to parent. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init_failed'; readonly error: HandlerError }
  | { readonly kind: 'result'; readonly id: string; readonly payload: string }
  | { readonly kind: 'error'; readonly id: string; readonly error: HandlerError };

/** What the thread is told at its start. */
export type ThreadData = {
  readonly entry: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
};

/** Why an invocation has no result, in the words of Lambda's own `errorType`s. */
export type InvocationFailure = HandlerError & {
  readonly cause: 'handler' | 'timeout' | 'crash' | 'throttled' | 'too_large' | 'unknown_function';
};

export type InvocationOutcome =
  { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly error: InvocationFailure };

export function failure(
  cause: InvocationFailure['cause'],
  errorType: string,
  errorMessage: string,
): { ok: false; error: InvocationFailure } {
  return { ok: false, error: { cause, errorType, errorMessage, trace: [] } };
}
