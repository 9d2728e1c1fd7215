import { surroundings } from '../../shared/aws/surroundings.ts';
import { targets } from '../../shared/aws/targets.ts';
import { createHandler } from './handler.ts';

const world = surroundings();

export const handler = createHandler({ ...world, ...targets(world, 'reading') });
