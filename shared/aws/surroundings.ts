import type { Surroundings } from '../gateway/runtime.ts';
import { cedarPolicies } from './cedar-policies.ts';
import { worldWith } from './world.ts';

/** For functions that ask policy. */
export const surroundings = (): Surroundings => worldWith(cedarPolicies);
