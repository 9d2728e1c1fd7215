import type { BlobStore } from '../gateway/ports/blob-store.ts';
import type { SessionStore } from '../gateway/ports/session-store.ts';
import type { Clock } from '../platform/clock.ts';
import { environment } from '../platform/environment.ts';
import { dynamoDocuments, s3Client, sfnClient } from './clients.ts';
import { createBlobStore } from './object-store.ts';
import { createSessionStore } from './session-store/index.ts';
import { createWorkflow } from './workflow.ts';

/** Sessions in the table that this function was given. */
export const sessionsOf = (clock: Clock): SessionStore =>
  createSessionStore({ client: dynamoDocuments(), name: environment.sessionsTable() }, clock);

/** Large bytes in the bucket that this function was given. */
export const blobsOf = (): BlobStore => createBlobStore(archiveBucket());

export const archiveBucket = () => ({ client: s3Client(), name: environment.archiveBucket() });

export const workflowOf = () => createWorkflow(sfnClient(), environment.workflowArn());
