import type { Result } from '../platform/result.ts';

/** A task of the workflow tells Step Functions of a failure by throwing; this is the one place where a refusal becomes one. */
export function orThrow<T>(result: Result<T, { readonly message: string }>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
