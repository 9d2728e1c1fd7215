import { notifierOf } from '../../shared/aws/notifier.ts';
import { createArchive } from '../../shared/aws/object-store.ts';
import {
  archiveBucket,
  blobsOf,
  controlsOf,
  noticesOf,
  outcomesOf,
  sessionsOf,
  spareOf,
  workflowOf,
} from '../../shared/aws/record.ts';
import { surroundingsWithoutPolicies } from '../../shared/aws/surroundings-without-policies.ts';
import { createHandler } from './handler.ts';

const world = surroundingsWithoutPolicies();

export const handler = createHandler({
  ...world,
  store: sessionsOf(world.clock),
  controls: controlsOf(),
  blobs: blobsOf(world.clock),
  outcomes: outcomesOf(),
  spare: spareOf(world.clock),
  archive: createArchive(archiveBucket()),
  workflow: workflowOf(),
  notices: noticesOf(),
  notifier: notifierOf(world),
});
