import { notifierOf } from '../../shared/aws/notifier.ts';
import { blobsOf, controlsOf, noticesOf, outcomesOf, sessionsOf } from '../../shared/aws/record.ts';
import { surroundingsWithoutPolicies } from '../../shared/aws/surroundings-without-policies.ts';
import { patient } from '../../shared/gateway/approval/patient.ts';
import { createHandler } from './handler.ts';

const world = surroundingsWithoutPolicies();

export const handler = createHandler({
  ...world,
  store: sessionsOf(world.clock),
  controls: controlsOf(),
  blobs: blobsOf(world.clock),
  outcomes: outcomesOf(),
  notices: noticesOf(),
  notifier: patient(world, notifierOf(world)),
});
