/** One benchmark of the report: a program of its own, so that none is warmed or tired by another. */
export interface Part {
  readonly title: string;
  /** As a reader runs it. */
  readonly command: string;
  readonly script: string;
  readonly args: readonly string[];
  /** It counts misses, leaks or calls: when it ends with an error, so does the whole. */
  readonly counts: boolean;
}

const part = (title: string, name: string, script: string, args: readonly string[] = [], counts = false): Part => ({
  title,
  command: `npm run bench:${name}${args.length === 0 ? '' : ` -- ${args.join(' ')}`}`,
  script: `test/bench/${script}`,
  args,
  counts,
});

/** In the order of the report. Sizes are such that all of it takes less than ten minutes on two cores. */
export const PARTS: readonly Part[] = [
  part('Added latency', 'latency', 'latency.ts', ['--pairs', '200'], true),
  part('Added latency, with calls as slow as AWS', 'latency', 'latency.ts', ['--pairs', '60', '--delayed'], true),
  part('Time of the processor', 'cpu', 'processor.ts'),
  part('Where the time goes', 'profile', 'profile.ts'),
  part('Throughput of one process', 'throughput', 'throughput.ts'),
  part('Growth', 'growth', 'growth/main.ts'),
  part('From the click to the target', 'resume', 'resume.ts'),
  part('Cold starts', 'cold', 'cold.ts'),
  part('The record', 'record', 'record/main.ts', ['--sessions', '1000,10000']),
  part('Reading statements', 'guard', 'guard/main.ts', ['626812'], true),
  part('Reading requests to Kubernetes', 'kube', 'kube/main.ts', [], true),
  part('Masking', 'mask', 'mask/main.ts', ['626812', '300'], true),
];
