import { notifierOf } from '../../shared/aws/notifier.ts';
import { blobsOf, controlsOf, noticesOf, sessionsOf, workflowOf } from '../../shared/aws/record.ts';
import { surroundingsWithoutPolicies } from '../../shared/aws/surroundings-without-policies.ts';
import { createHandler } from './handler.ts';

const world = surroundingsWithoutPolicies();

export const handler = createHandler({
  ...world,
  store: sessionsOf(world.clock),
  controls: controlsOf(),
  blobs: blobsOf(world.clock),
  workflow: workflowOf(),
  notices: noticesOf(),
  notifier: notifierOf(world),
});
