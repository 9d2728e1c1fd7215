import { notifierOf } from '../../shared/aws/notifier.ts';
import { blobsOf, controlsOf, noticesOf, sessionsOf, workflowOf } from '../../shared/aws/record.ts';
import { surroundings } from '../../shared/aws/surroundings.ts';
import { createHandler } from './handler.ts';

const world = surroundings();

export const handler = createHandler({
  ...world,
  store: sessionsOf(world.clock),
  controls: controlsOf(),
  blobs: blobsOf(),
  workflow: workflowOf(),
  notices: noticesOf(),
  notifier: notifierOf(world),
});
