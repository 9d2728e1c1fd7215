import * as z from 'zod';
import { METRICS, type MetricName } from '../../../shared/contracts/metrics.ts';

/** A line in CloudWatch's embedded metric format, as far as it is read: which of its members are metrics. */
const lineSchema = z
  .object({
    _aws: z.object({
      CloudWatchMetrics: z.array(z.object({ Metrics: z.array(z.object({ Name: z.string() })) })),
    }),
  })
  .loose();

interface Series {
  count: number;
  sum: number;
  last: number;
}

const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

/** What functions have counted since the stack started, read off their logs as CloudWatch reads them. */
export class MetricsRegistry {
  private readonly series = new Map<MetricName, Series>();

  /** One line of a log; most are none of its business. */
  take(line: string): void {
    if (!line.includes('"_aws"')) return;
    const parsed = lineSchema.safeParse(jsonOrNothing(line));
    if (!parsed.success) return;
    const names = parsed.data._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
    for (const name of names) {
      const value = z.number().safeParse(parsed.data[name]);
      if (isMetric(name) && value.success) this.add(name, value.data);
    }
  }

  private add(name: MetricName, value: number): void {
    const before = this.series.get(name) ?? { count: 0, sum: 0, last: 0 };
    this.series.set(name, { count: before.count + 1, sum: before.sum + value, last: value });
  }

  /**
   * The text format of Prometheus (its documentation, "Exposition formats"): counts as counters, times as summaries in
   * seconds, the age of the newest digest as a gauge.
   */
  text(): string {
    return Object.entries(METRICS)
      .map(([name, { unit, says }]) => {
        const { count, sum, last } = (isMetric(name) ? this.series.get(name) : undefined) ?? {
          count: 0,
          sum: 0,
          last: 0,
        };
        const id = `countersign_${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()}`;
        if (unit === 'Count') return exposed(`${id}_total`, 'counter', says, [`${id}_total ${String(sum)}`]);
        if (unit === 'Seconds') return exposed(`${id}_seconds`, 'gauge', says, [`${id}_seconds ${String(last)}`]);
        const seconds = `${id}_seconds`;
        return exposed(seconds, 'summary', says, [
          `${seconds}_sum ${String(sum / 1_000)}`,
          `${seconds}_count ${String(count)}`,
        ]);
      })
      .join('');
  }
}

const exposed = (id: string, type: string, help: string, lines: readonly string[]): string =>
  [`# HELP ${id} ${help}`, `# TYPE ${id} ${type}`, ...lines, ''].join('\n');

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
