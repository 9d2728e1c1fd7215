import { randomUUID } from 'node:crypto';
import { ok } from '../../../../shared/platform/result.ts';
import { emptyResponse } from './answer.ts';
import type { Bucket, Version } from './model.ts';
import { bypassAsked, mayDelete } from './object-lock.ts';
import type { S3Request } from './request.ts';
import type { Answer, S3Room } from './room.ts';
import { findBucket } from './room.ts';

/**
 * DeleteObject. Without a version id a versioned bucket only hides the object behind a delete marker, which Object Lock
 * allows; removing a version itself is what it forbids.
 */
export function deleteObject(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  if (!found.ok) return found;
  const versionId = request.query.get('versionId');
  if (versionId === null && found.value.bucket.versioning !== 'Off') return mark(room, request, found.value.bucket);
  const versions = found.value.objects.get(request.key) ?? [];
  const version = versions.find((one) => one.versionId === (versionId ?? 'null'));
  // Deleting what is not there succeeds, as it does on S3.
  if (version === undefined) return ok(emptyResponse(204));
  const allowed = mayDelete(version, bypassAsked(request), room.clock());
  if (!allowed.ok) return allowed;
  room.storage.commit({ op: 'remove', bucket: request.bucket, key: request.key, versionId: version.versionId });
  const marker = version.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {};
  return ok(emptyResponse(204, versionId === null ? {} : { 'x-amz-version-id': versionId, ...marker }));
}

function mark(room: S3Room, request: S3Request, bucket: Bucket): Answer {
  const marker: Version = {
    key: request.key,
    versionId: bucket.versioning === 'Enabled' ? randomUUID().replaceAll('-', '') : 'null',
    deleteMarker: true,
    blob: '',
    size: 0,
    etag: '',
    modified: room.clock().toISOString(),
    headers: {},
    metadata: {},
    checksums: {},
  };
  room.storage.commit({ op: 'put', bucket: request.bucket, version: marker });
  return ok(emptyResponse(204, { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId }));
}
