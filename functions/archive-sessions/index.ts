import { createArchive } from '../../shared/aws/object-store.ts';
import { archiveBucket, blobsOf, controlsOf, sessionsOf, spareOf } from '../../shared/aws/record.ts';
import { surroundingsWithoutPolicies } from '../../shared/aws/surroundings-without-policies.ts';
import { createHandler } from './handler.ts';

const world = surroundingsWithoutPolicies();

export const handler = createHandler({
  ...world,
  store: sessionsOf(world.clock),
  controls: controlsOf(),
  archive: createArchive(archiveBucket()),
  blobs: blobsOf(world.clock),
  spare: spareOf(world.clock),
});
