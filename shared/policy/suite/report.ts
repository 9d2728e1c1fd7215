import type { CaseReport, SuiteReport } from './run.ts';

/** The report as lines: one a case, what differs below it, and a last line that counts. */
export function reportLines({ cases, untested }: SuiteReport): string[] {
  const failed = cases.filter(({ differences }) => differences.length > 0).length;
  return [
    ...cases.flatMap(caseLines),
    '',
    ...untested.map((id) => `! no test is decided by the policy ${id}`),
    failed === 0
      ? `${String(cases.length)} passed`
      : `${String(failed)} failed, ${String(cases.length - failed)} passed`,
  ];
}

function caseLines({ name, statement, actual, differences }: CaseReport): string[] {
  const mark = differences.length === 0 ? '✓' : '✗';
  const title = `${mark} ${name}${statement === undefined ? '' : `: ${oneLine(statement)}`}`;
  if (differences.length === 0) return [title];
  return [
    title,
    ...differences.flatMap(({ what, expected, actual: got }) => [
      `    ${what}`,
      `      - expected  ${expected}`,
      `      + got       ${got}`,
    ]),
    ...(actual.effects.length === 0 ? [] : [`    effects   ${actual.effects.join(' · ')}`]),
    ...(actual.policies.length === 0 ? [] : [`    policies  ${actual.policies.join(', ')}`]),
    ...actual.says.map((text) => `    says      ${text}`),
  ];
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
