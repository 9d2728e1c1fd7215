import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../shared/platform/json-value.ts';
import type { LogFile } from './lambda/log-file.ts';
import type { InvocationOutcome } from './lambda/protocol.ts';
import { account, defaultRegion } from './services/service.ts';
import type { Schedule } from './template/plan.ts';

type Invoke = (functionArn: string, event: JsonValue) => Promise<InvocationOutcome>;

/**
 * EventBridge Scheduler for `rate(…)`: the first run one interval after the start, then at each interval. A run that
 * fails is set aside in the dead letters; the next one comes anyway, so there are no retries in between.
 */
export function startScheduler(
  schedules: readonly Schedule[],
  invoke: Invoke,
  deadLetters: LogFile,
): { close(): void } {
  const timers = schedules.map((schedule) =>
    setInterval(() => {
      void fire(schedule, invoke, deadLetters);
    }, schedule.everySeconds * 1000),
  );
  return {
    close: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

async function fire(schedule: Schedule, invoke: Invoke, deadLetters: LogFile): Promise<void> {
  const outcome = await invoke(schedule.functionArn, schedule.input ?? scheduledEvent(schedule));
  if (outcome.ok) return;
  deadLetters.write(
    `${JSON.stringify({ at: new Date().toISOString(), schedule: schedule.name, error: outcome.error })}\n`,
  );
}

/** What Scheduler sends where the target has no input of its own. */
function scheduledEvent(schedule: Schedule): JsonObject {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time: new Date().toISOString(),
    region: defaultRegion,
    resources: [`arn:aws:scheduler:${defaultRegion}:${account}:schedule/default/${schedule.name}`],
    detail: '{}',
  };
}
