import { blobsOf, controlsOf, sessionsOf } from '../../shared/aws/record.ts';
import { surroundings } from '../../shared/aws/surroundings.ts';
import { createHandler } from './handler.ts';

const world = surroundings();

export const handler = createHandler({
  ...world,
  store: sessionsOf(world.clock),
  controls: controlsOf(),
  blobs: blobsOf(world.clock),
});
