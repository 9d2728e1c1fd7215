import { surroundings } from '../../shared/aws/surroundings.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler(surroundings());
