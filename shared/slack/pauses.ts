import type { NotifyFault } from '../gateway/ports/notifier.ts';
import type { Clock } from '../platform/clock.ts';
import { err, type Result } from '../platform/result.ts';

type Answer<T> = Result<T, NotifyFault>;

export interface Pauses {
  /** Makes the call, unless Slack has asked to wait with this method and the time is not over. */
  keeping<T>(method: string, call: () => Promise<Answer<T>>): Promise<Answer<T>>;
}

/**
 * What Slack has asked for with `Retry-After`. It limits a method for the whole workspace (Slack, "Rate limits"), so
 * that one refused call speaks for all sessions; going on meanwhile only prolongs it.
 */
export function createPauses(clock: Clock): Pauses {
  const until = new Map<string, number>();
  return {
    async keeping(method, call) {
      const left = Math.ceil(((until.get(method) ?? 0) - clock().getTime()) / 1_000);
      if (left > 0) return err({ retryAfterSeconds: left, message: `Slack asked to wait, ${left} s more` });
      const answer = await call();
      if (!answer.ok && answer.error.retryAfterSeconds > 0)
        until.set(method, clock().getTime() + answer.error.retryAfterSeconds * 1_000);
      return answer;
    },
  };
}
