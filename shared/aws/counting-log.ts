import type { MetricName } from '../contracts/metrics.ts';
import type { Metrics } from '../gateway/ports/metrics.ts';
import type { Log } from '../platform/log.ts';

/** Messages that have a metric of their own, beside `Errors`. The words are those of the log, and of RUNBOOK.md. */
export const COUNTED: Readonly<Record<string, MetricName>> = {
  'caller refused': 'CallersRefused',
  'configuration not taken': 'ConfigurationFaults',
  'outcome not on record': 'OutcomesNotRecorded',
};

/** The log, and what it says is counted: an alarm cannot read. */
export function counting(inner: Log, metrics: Metrics): Log {
  const count = (message: string, errors: 0 | 1): void => {
    const own = COUNTED[message];
    metrics.record({ ...(errors === 1 ? { Errors: 1 } : {}), ...(own === undefined ? {} : { [own]: 1 }) }, { message });
  };
  return {
    info: (message, facts) => {
      inner.info(message, facts);
      count(message, 0);
    },
    warn: (message, facts) => {
      inner.warn(message, facts);
      count(message, 0);
    },
    error: (message, facts) => {
      inner.error(message, facts);
      count(message, 1);
    },
  };
}
