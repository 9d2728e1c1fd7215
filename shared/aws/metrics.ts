import { Metrics as EmbeddedMetrics } from '@aws-lambda-powertools/metrics';
import { METRIC_SERVICE, METRICS, type MetricName } from '../contracts/metrics.ts';
import type { Metrics } from '../gateway/ports/metrics.ts';

const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

/**
 * Measures as lines of the log, in CloudWatch's embedded metric format, in the namespace of POWERTOOLS_METRICS_NAMESPACE: no call, no permission, nothing to wait for.
 * One line a moment, at once: a function that is killed later has counted what it did.
 */
export function createMetrics(): Metrics {
  const lines = new EmbeddedMetrics({ serviceName: METRIC_SERVICE });
  return {
    record(measures, facts = {}) {
      const values = Object.entries(measures);
      if (values.length === 0) return;
      for (const [name, value] of values) if (isMetric(name)) lines.addMetric(name, METRICS[name].unit, value);
      for (const [name, fact] of Object.entries(facts)) lines.addMetadata(name, fact);
      lines.publishStoredMetrics();
    },
  };
}
