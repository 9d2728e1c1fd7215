import type { Clock } from '../../../../shared/platform/clock.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { WireResponse } from '../wire/http-server.ts';
import type { S3Error } from './answer.ts';
import { refuse } from './answer.ts';
import type { Version } from './model.ts';
import type { S3Request } from './request.ts';
import type { BucketState, Versions } from './state.ts';
import type { Storage } from './storage.ts';

export interface S3Room {
  readonly storage: Storage;
  readonly clock: Clock;
}

export type Answer = Result<WireResponse, S3Error>;
export type Handler = (room: S3Room, request: S3Request) => Promise<Answer> | Answer;

export function findBucket(room: S3Room, request: S3Request): Result<BucketState, S3Error> {
  const found = room.storage.state.get(request.bucket);
  return found === undefined ? refuse(404, 'NoSuchBucket', 'The specified bucket does not exist') : ok(found);
}

/** The version that a request names, else the current one. A delete marker answers as not there, and says why. */
export function findVersion(versions: Versions | undefined, versionId: string | null): Result<Version, S3Error> {
  const found = versionId === null ? versions?.at(-1) : versions?.find((one) => one.versionId === versionId);
  if (found === undefined)
    return versionId === null
      ? refuse(404, 'NoSuchKey', 'The specified key does not exist.')
      : refuse(404, 'NoSuchVersion', 'The specified version does not exist.');
  if (!found.deleteMarker) return ok(found);
  const marker = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found.versionId };
  return versionId === null
    ? refuse(404, 'NoSuchKey', 'The specified key does not exist.', marker)
    : refuse(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', marker);
}

/** Bucket and version in one, for handlers of things that exist. */
export function locate(room: S3Room, request: S3Request): Result<{ bucket: BucketState; version: Version }, S3Error> {
  const bucket = findBucket(room, request);
  if (!bucket.ok) return bucket;
  const version = findVersion(bucket.value.objects.get(request.key), request.query.get('versionId'));
  return version.ok ? ok({ bucket: bucket.value, version: version.value }) : version;
}
