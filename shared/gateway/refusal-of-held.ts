import { describeOver, type OverQuota } from '../domain/quota.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Held } from './ports/guard.ts';
import type { StoreFault } from './ports/session-store.ts';

/** What held a write, as the agent hears it. */
export function refusalOfHeld(held: Held): Refusal {
  switch (held.kind) {
    case 'stopped':
      return { code: 'stopped', scope: held.scope };
    case 'too_many_pending':
      return { code: 'too_many_pending', limit: held.scope.quota.pending ?? 0, of: held.scope.kind };
    case 'lease_spent':
    case 'asked_already':
      // Both are answered by asking or joining; who still meets them lost every try to somebody faster.
      return { code: 'record_unavailable' };
  }
}

/** A count that failed is no permission. */
export function refusalOfQuota(over: OverQuota | StoreFault): Refusal {
  if (over.code === 'record_unavailable') return { code: 'record_unavailable' };
  const { of, limit, retryAfterSeconds } = over;
  return { code: 'rate_limited', of, limit, retryAfterSeconds, detail: describeOver(over) };
}
