import { describe, expect, it } from 'vitest';
import { tee } from '../../infra/local/lambda/tee.ts';
import { MetricsRegistry } from '../../infra/local/metrics/registry.ts';
import { METRICS } from '../../shared/contracts/metrics.ts';

const line = (metrics: Readonly<Record<string, number>>): string =>
  JSON.stringify({
    _aws: { Timestamp: 1, CloudWatchMetrics: [{ Metrics: Object.keys(metrics).map((Name) => ({ Name })) }] },
    ...metrics,
  });

describe('the metrics of the embedded stack', () => {
  it('are read off the lines of functions, however their output is cut', () => {
    const registry = new MetricsRegistry();
    const output = tee({ write: () => undefined }, (text) => {
      registry.take(text);
    });
    const text = [
      'START',
      line({ Requests: 1, DecisionTime: 30 }),
      '{"_aws":1}',
      line({ Requests: 1, DecisionTime: 50 }),
      line({ DigestAge: 60 }),
      line({ Foreign: 7 }),
      '',
    ].join('\n');
    for (const letter of text.match(/[^]{1,7}/g) ?? []) output.write(letter);
    expect(registry.text()).toContain('# TYPE countersign_requests_total counter\ncountersign_requests_total 2\n');
    expect(registry.text()).toContain(
      'countersign_decision_time_seconds_sum 0.08\ncountersign_decision_time_seconds_count 2\n',
    );
    expect(registry.text()).toContain(
      '# TYPE countersign_digest_age_seconds gauge\ncountersign_digest_age_seconds 60\n',
    );
    expect(registry.text()).not.toContain('oreign');
  });

  it('are all there from the start, in the text format of Prometheus', () => {
    const lines = new MetricsRegistry().text().trimEnd().split('\n');
    expect(lines.filter((one) => one.startsWith('# TYPE'))).toHaveLength(Object.keys(METRICS).length);
    for (const one of lines)
      expect(one).toMatch(/^(# (HELP|TYPE) countersign_[a-z0-9_]+ .+|countersign_[a-z0-9_]+ [0-9.]+)$/);
  });
});
