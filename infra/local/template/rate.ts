import { StartFailure } from '../start-failure.ts';

const UNITS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** Seconds between two runs of `rate(5 minutes)`. Calendar expressions (`cron`, `at`) are refused. */
export function parseSchedule(expression: string): number {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = UNITS[unit];
  if (count === undefined || seconds === undefined || Number(count) < 1) {
    throw new StartFailure(`the embedded scheduler runs rate(…) only, not ${expression}`);
  }
  return Number(count) * seconds;
}
