import type { Measured } from './measure.ts';

export interface Line {
  readonly class: string;
  readonly cases: number;
  readonly missed: number;
  readonly reads: number;
  readonly alarms: number;
  readonly broken: number;
  readonly unanswerable: number;
  readonly p50: number;
  readonly p99: number;
}

export function lines(all: readonly Measured[]): Line[] {
  const groups = Map.groupBy(all, (measured) => measured.case.class);
  return [...groups].map(([name, group]) => lineOf(name, group));
}

export function lineOf(name: string, group: readonly Measured[]): Line {
  const count = (outcome: Measured['outcome']): number => group.filter((one) => one.outcome === outcome).length;
  const times = group.map((one) => one.milliseconds).sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const reads = group.filter((one) => one.outcome === 'alarm' || (one.outcome === 'right' && one.called === 'read'));
  return {
    class: name,
    cases: group.length,
    missed: count('missed'),
    reads: reads.length,
    alarms: count('alarm'),
    broken: count('broken'),
    unanswerable: count('unanswerable'),
    p50: at(0.5),
    p99: at(0.99),
  };
}

const HEAD = ['class', 'cases', 'misses', 'reads', 'false alarms', 'not run', 'p50 ms', 'p99 ms'];

export function table(all: readonly Measured[]): string {
  const rows = [...lines(all), lineOf('all', all)].map((line) => [
    line.class,
    String(line.cases),
    String(line.missed),
    String(line.reads),
    line.reads === 0 ? '-' : `${line.alarms} (${((100 * line.alarms) / line.reads).toFixed(2)} %)`,
    String(line.unanswerable + line.broken),
    line.p50.toFixed(3),
    line.p99.toFixed(2),
  ]);
  const widths = HEAD.map((title, index) => Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)));
  const show = (row: readonly string[]): string =>
    row
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ');
  return [show(HEAD), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(show)].join('\n');
}
