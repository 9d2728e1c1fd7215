import type { ExecuteRequest } from '../../contracts/api/execute.ts';
import type { Submitted } from '../../domain/event.ts';
import type { Circumstances } from '../../policy/engine.ts';

/**
 * What policy may ask about beside the effects. Every member always present: a Cedar `forbid` that errors is skipped.
 * Blanks alone are no reason.
 */
export function circumstancesOf(
  request: Pick<ExecuteRequest, 'reason' | 'context'>,
  approvals: readonly string[],
): Circumstances {
  return {
    approvals,
    breakGlass: false,
    reason: request.reason?.trim() ?? '',
    ticket: request.context?.ticket?.trim() ?? '',
    pipeline: request.context?.pipeline ?? '',
  };
}

/** The same, from the record: what was claimed then is what is judged now. */
export function circumstancesOnRecord(submitted: Submitted, approvals: readonly string[]): Circumstances {
  const text = (name: string): string => {
    const value = submitted.claimed?.[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  return {
    approvals,
    breakGlass: false,
    reason: submitted.reason?.trim() ?? '',
    ticket: text('ticket'),
    pipeline: text('pipeline'),
  };
}
