import type { ExecuteRequest } from '../../contracts/api/execute.ts';
import type { Submitted } from '../../domain/event.ts';
import type { Circumstances } from '../../policy/engine.ts';

/** What policy may ask about beside the effects. Every member always present: a Cedar `forbid` that errors is skipped. */
export function circumstancesOf(
  request: Pick<ExecuteRequest, 'reason' | 'context'>,
  approvals: readonly string[],
): Circumstances {
  return {
    approvals,
    reason: request.reason ?? '',
    ticket: request.context?.ticket ?? '',
    pipeline: request.context?.pipeline ?? '',
  };
}

/** The same, from the record: what was claimed then is what is judged now. */
export function circumstancesOnRecord(submitted: Submitted, approvals: readonly string[]): Circumstances {
  const text = (name: string): string => {
    const value = submitted.claimed?.[name];
    return typeof value === 'string' ? value : '';
  };
  return { approvals, reason: submitted.reason ?? '', ticket: text('ticket'), pipeline: text('pipeline') };
}
