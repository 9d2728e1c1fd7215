import { ok, type Result } from '../platform/result.ts';
import type { PolicyEngine } from './engine.ts';

/**
 * The judge of a function that judges nothing: it refuses whatever it is asked. Votes, archiving and the like read the
 * configuration for its people and its retention, and need not load Cedar for that.
 */
const REFUSES: PolicyEngine = {
  version: 'none',
  wantsEstimate: false,
  mayConnect: () => false,
  decide: () => ({ verdict: 'block', policies: [], policyVersion: 'none', why: 'This function judges nothing.' }),
  mayReveal: () => false,
};

export const noPolicies = (): Result<PolicyEngine, never> => ok(REFUSES);
