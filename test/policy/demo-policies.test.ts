import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testPolicies } from '../../infra/cli/policies.ts';
import { reportLines } from '../../shared/policy/suite/report.ts';

const report = await testPolicies(fileURLToPath(new URL('../../config', import.meta.url)));
if (!report.ok) throw new Error(JSON.stringify(report.error, null, 2));

describe('the policies of config/', () => {
  it.each(
    report.value.cases.map(
      (one) => [one.statement === undefined ? one.name : `${one.name}: ${one.statement}`, one] as const,
    ),
  )('%s', (_, one) => {
    expect(one.differences, reportLines({ cases: [one], untested: [] }).join('\n')).toEqual([]);
  });

  it('are each decisive in at least one test', () => {
    expect(report.value.untested).toEqual([]);
  });
});
