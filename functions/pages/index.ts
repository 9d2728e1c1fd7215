import { surroundingsWithoutPolicies } from '../../shared/aws/surroundings-without-policies.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler(surroundingsWithoutPolicies());
