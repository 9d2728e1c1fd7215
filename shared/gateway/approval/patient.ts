import type { Result } from '../../platform/result.ts';
import type { Notifier, NotifyFault } from '../ports/notifier.ts';
import type { Surroundings } from '../runtime.ts';

/**
 * Longest that a task of the workflow waits because Slack asks it to, in all. Slack usually asks for some seconds; with
 * a preview of 15 s before it this stays within the task's 45 s. What takes longer is left to the sweep.
 */
const PATIENCE_SECONDS = 15;

/**
 * The same notifier for who has time: where Slack says "not now, in so many seconds", it waits those and tries again,
 * as long as its patience lasts. A vote in Slack has no such time.
 */
export function patient({ sleep }: Pick<Surroundings, 'sleep'>, notifier: Notifier): Notifier {
  const patiently = async <T>(call: () => Promise<Result<T, NotifyFault>>): Promise<Result<T, NotifyFault>> => {
    let left = PATIENCE_SECONDS;
    for (;;) {
      const answer = await call();
      if (answer.ok || answer.error.retryAfterSeconds === 0 || answer.error.retryAfterSeconds > left) return answer;
      left -= answer.error.retryAfterSeconds;
      await sleep(answer.error.retryAfterSeconds * 1_000);
    }
  };
  return {
    ask: (view, channel) => patiently(() => notifier.ask(view, channel)),
    update: (view, ref) => patiently(() => notifier.update(view, ref)),
    remind: (view, ref, occasion) => patiently(() => notifier.remind(view, ref, occasion)),
  };
}
