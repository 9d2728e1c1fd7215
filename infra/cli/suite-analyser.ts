import type { PolicySuite } from '../../shared/contracts/config/policy-suite.ts';
import type { Effect } from '../../shared/domain/effect.ts';
import { err } from '../../shared/platform/result.ts';
import type { Result } from '../../shared/platform/result.ts';

/** Takes the statements of a suite apart, against the tables that the suite itself describes. */
export function createSuiteAnalyser(
  _suite: PolicySuite,
): (connection: string, statement: string) => Promise<Result<readonly Effect[], string>> {
  return () => Promise.resolve(err('statements are not analysed yet: give effects'));
}
