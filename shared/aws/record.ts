import type { BlobStore } from '../gateway/ports/blob-store.ts';
import type { Controls } from '../gateway/ports/controls.ts';
import type { KeyedDigests } from '../gateway/ports/keyed-digests.ts';
import type { Notices } from '../gateway/ports/notices.ts';
import type { SessionStore } from '../gateway/ports/session-store.ts';
import type { SpareBlobs } from '../gateway/ports/spare-blobs.ts';
import type { Clock } from '../platform/clock.ts';
import { environment } from '../platform/environment.ts';
import { dynamoDocuments, kmsClient, s3Client, secretsManagerClient, sfnClient } from './clients.ts';
import { createControls } from './controls/index.ts';
import { createMetrics } from './metrics.ts';
import { measured } from './measured-store.ts';
import { createDigestSigner } from './digest-signer.ts';
import { createKeyedDigests } from './keyed-digests.ts';
import { createNotices } from './notices.ts';
import { createBlobStore, createObjectStore } from './object-store.ts';
import { createSpareBlobs, readingSpare } from './spare-blobs.ts';
import { createSecretReader } from './secrets.ts';
import { createDigestQueue } from './session-store/digest-queue.ts';
import { createSessionStore } from './session-store/index.ts';
import { createWorkflow } from './workflow.ts';

/** Sessions in the table that this function was given. */
export const sessionsOf = (clock: Clock): SessionStore =>
  measured(
    createSessionStore({ client: dynamoDocuments(), name: environment.sessionsTable() }, clock),
    createMetrics(),
  );

/** Stops, leases and counters, in the same table: a run and what holds it are one write. */
export const controlsOf = (): Controls =>
  createControls({ client: dynamoDocuments(), name: environment.sessionsTable() });

/** Where the messages of sessions are, in the same table. */
export const noticesOf = (): Notices => createNotices({ client: dynamoDocuments(), name: environment.sessionsTable() });

/** Large bytes in the bucket that this function was given, read from the table where only that has them. */
export const blobsOf = (clock: Clock): BlobStore => readingSpare(createBlobStore(archiveBucket()), spareOf(clock));

/** Large answers that the bucket did not take, in the table. */
export const spareOf = (clock: Clock): SpareBlobs =>
  createSpareBlobs({ client: dynamoDocuments(), name: environment.sessionsTable() }, clock);

/** Where outcomes are set aside that the table does not take. */
export const outcomesOf = () => createObjectStore(archiveBucket());

/** Digests under this installation's secret. */
export const keyedDigestsOf = (clock: Clock): KeyedDigests =>
  createKeyedDigests(createSecretReader(secretsManagerClient(), clock), environment.installationSecret());

export const archiveBucket = () => ({ client: s3Client(), name: environment.archiveBucket() });

export const workflowOf = () => createWorkflow(sfnClient(), environment.workflowArn());

/** What the digest function works on: the queue in the table, the archive, the key, and the anchor where there is one. */
export function digestsOf() {
  const archive = archiveBucket();
  const anchor = environment.anchorBucket();
  return {
    queue: createDigestQueue({ client: dynamoDocuments(), name: environment.sessionsTable() }),
    archive: createObjectStore(archive),
    archiveName: archive.name,
    signer: createDigestSigner(kmsClient(), environment.digestKeyId()),
    ...(anchor === undefined ? {} : { anchor: createObjectStore({ client: s3Client(), name: anchor }) }),
  };
}
