import { formatDuration } from '../../contracts/config/duration.ts';
import type { DECISIONS, SuiteTest } from '../../contracts/config/policy-suite.ts';
import type { Ask } from '../../domain/decision.ts';

/** What really came of a case. */
export interface Actual {
  readonly decision: (typeof DECISIONS)[number];
  readonly policies: readonly string[];
  readonly asks: readonly Ask[];
  /** Everything the agent is told. */
  readonly says: readonly string[];
  readonly effects: readonly string[];
}

export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** Where expectation and reality part; what the test does not mention is not compared. */
export function compare(expected: SuiteTest['expect'], actual: Actual): Difference[] {
  const asks = expected.asks?.map(({ group, quorum, expires }) => ask(group, quorum, expires));
  const got = actual.asks.map(({ group, quorum, expiresSeconds }, at) =>
    ask(group, quorum, expected.asks?.[at]?.expires === undefined ? undefined : expiresSeconds),
  );
  return [
    ...differ('decision', expected.decision, actual.decision),
    ...(expected.policies === undefined ? [] : differ('policies', list(expected.policies), list(actual.policies))),
    ...(asks === undefined ? [] : differ('asks', list(asks), list(got))),
    ...(expected.says === undefined || actual.says.some((text) => text.includes(expected.says ?? ''))
      ? []
      : differ('says', expected.says, actual.says.join(' '))),
  ];
}

const differ = (what: string, expected: string, actual: string): Difference[] =>
  expected === actual ? [] : [{ what, expected, actual }];
const list = (items: readonly string[]): string => (items.length === 0 ? '(none)' : items.toSorted().join(', '));

function ask(group: string, quorum: number, seconds: number | undefined): string {
  return `${String(quorum)} of ${group}${seconds === undefined ? '' : ` within ${formatDuration(seconds)}`}`;
}
