import { quantile, table } from '../numbers.ts';

/** One size and what it cost there: a median, in milliseconds. */
export interface Point {
  readonly size: number;
  readonly ms: number;
}

/** Runs that a median is made of; fewer where one takes long, so that a part ends within seconds. */
const RUNS = 60;
const BUDGET_MS = 3_000;

/** Median of one run, after a few to warm up. */
export async function cost(work: () => unknown): Promise<number> {
  const times: number[] = [];
  const until = performance.now() + BUDGET_MS;
  for (let run = -5; run < RUNS && (performance.now() < until || times.length < 3); run += 1) {
    const started = performance.now();
    await work();
    if (run >= 0 || performance.now() > until) times.push(performance.now() - started);
  }
  return quantile(times, 0.5);
}

/** How cost grows with size: the exponent of the power that leads from the first point to the last. */
export function exponent(points: readonly Point[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  return Math.log(last.ms / first.ms) / Math.log(last.size / first.size);
}

const milliseconds = (ms: number): string => `${ms < 1 ? ms.toFixed(3) : ms.toFixed(1)} ms`;

/** A row a question, a column a size. Whatever is counted instead of timed has its own way to be shown. */
export function growthTable(
  what: string,
  lines: Readonly<Record<string, readonly Point[]>>,
  show: (ms: number) => string = milliseconds,
): string {
  const sizes = Object.values(lines)[0]?.map(({ size }) => size.toLocaleString('en')) ?? [];
  return table(
    [what, ...sizes, 'exponent'],
    Object.entries(lines).map(([name, points]) => [
      name,
      ...points.map(({ ms }) => show(ms)),
      exponent(points).toFixed(2),
    ]),
  );
}
