import type { Surroundings } from '../gateway/runtime.ts';
import { noPolicies } from '../policy/no-policies.ts';
import { worldWith } from './world.ts';

/**
 * For functions that never ask policy: they start without Cedar. What they take is what was deployed, by its hash; that
 * its policies hold together was checked then, and is checked again by every function that judges by them.
 */
export const surroundingsWithoutPolicies = (): Surroundings => worldWith(noPolicies);
