import {
  blobsOf,
  controlsOf,
  keyedDigestsOf,
  outcomesOf,
  sessionsOf,
  spareOf,
  workflowOf,
} from '../../shared/aws/record.ts';
import { surroundings } from '../../shared/aws/surroundings.ts';
import { targets } from '../../shared/aws/targets.ts';
import { createHandler } from './handler.ts';

const world = surroundings();

export const handler = createHandler({
  ...world,
  ...targets(world),
  store: sessionsOf(world.clock),
  blobs: blobsOf(world.clock),
  outcomes: outcomesOf(),
  spare: spareOf(world.clock),
  keyedDigests: keyedDigestsOf(world.clock),
  controls: controlsOf(),
  workflow: workflowOf(),
});
