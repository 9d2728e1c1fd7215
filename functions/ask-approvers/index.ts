import { notifierOf } from '../../shared/aws/notifier.ts';
import { blobsOf, noticesOf, sessionsOf, workflowOf } from '../../shared/aws/record.ts';
import { surroundings } from '../../shared/aws/surroundings.ts';
import { targets } from '../../shared/aws/targets.ts';
import { patient } from '../../shared/gateway/approval/patient.ts';
import { createHandler } from './handler.ts';

const world = surroundings();

export const handler = createHandler({
  ...world,
  ...targets(world),
  store: sessionsOf(world.clock),
  blobs: blobsOf(world.clock),
  workflow: workflowOf(),
  notices: noticesOf(),
  notifier: patient(world, notifierOf(world)),
});
