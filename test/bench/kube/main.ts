import { readRequest } from '../../../shared/connectors/kubernetes/request/index.ts';
import { KUBE_CASES } from '../../kubernetes/support/cases.ts';
import { readingOf } from '../../kubernetes/support/reading.ts';
import { upstreamCases } from '../../kubernetes/support/upstream.ts';

/** One row of the table. A miss is a request that was taken for less than it is, or read otherwise than Kubernetes reads it. */
interface Line {
  readonly class: string;
  readonly cases: number;
  readonly misses: readonly string[];
  readonly refused: number;
  readonly microseconds: number;
}

/** Enough for a median; the first runs warm up. */
const RUNS = 200;

function median(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  }).sort((left, right) => left - right);
  return (times[RUNS / 2] ?? 0) * 1_000;
}

function ownLines(): Line[] {
  return [...Map.groupBy(KUBE_CASES, (one) => one.class)].map(([name, cases]) => {
    const found = cases.map((one) => ({ one, found: readingOf(one) }));
    return {
      class: name,
      cases: cases.length,
      misses: found.flatMap(({ one, found: { is } }) =>
        JSON.stringify(is) === JSON.stringify(one.is) ? [] : [`${one.text}: ${JSON.stringify(is)}`],
      ),
      refused: found.filter(({ found: { is } }) => is === 'refused').length,
      microseconds: median(() => cases.map(readingOf)) / cases.length,
    };
  });
}

/** What is refused is no miss: the gateway takes only what has one reading. The test names each of these and why. */
function upstreamLine(): Line {
  const cases = upstreamCases();
  const read = cases.map((one) => ({ one, found: readRequest({ text: `${one.method} ${one.target}` }) }));
  return {
    class: "Kubernetes' own cases",
    cases: cases.length,
    misses: read.flatMap(({ one, found }) =>
      found.ok && !agrees(one.truth, found.value) ? [`${one.method} ${one.target}`] : [],
    ),
    refused: read.filter(({ found }) => !found.ok).length,
    microseconds:
      median(() => cases.map((one) => readRequest({ text: `${one.method} ${one.target}` }))) / (cases.length || 1),
  };
}

type Upstream = ReturnType<typeof upstreamCases>[number]['truth'];
type Request = Extract<ReturnType<typeof readRequest>, { ok: true }>['value'];

function agrees(truth: Upstream, request: Request): boolean {
  if (request.kind === 'path') return !truth.isResourceRequest;
  const { group, verb, version, resource, subresource, namespace, name } = request;
  const mine: Record<string, string> = { apiGroup: group, verb, version, resource, subresource, namespace, name };
  return (
    truth.isResourceRequest && Object.keys(mine).every((key) => [undefined, mine[key]].includes(attribute(truth, key)))
  );
}

const attribute = (truth: Upstream, key: string): string | undefined =>
  Object.entries(truth).flatMap(([name, value]) => (name === key && typeof value === 'string' ? [value] : []))[0];

const lines = [upstreamLine(), ...ownLines()];
const head = ['class', 'cases', 'misses', 'refused', 'µs each'];
const rows = [
  head,
  ...lines.map((line) => [
    line.class,
    String(line.cases),
    String(line.misses.length),
    String(line.refused),
    line.microseconds.toFixed(0),
  ]),
];
const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
for (const row of rows)
  console.log(
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
const missed = lines.flatMap(({ misses }) => misses);
for (const miss of missed) console.log(`missed: ${miss}`);
console.log(`\n${String(lines.reduce((sum, { cases }) => sum + cases, 0))} requests, ${String(missed.length)} misses`);
process.exitCode = missed.length === 0 ? 0 : 1;
