import { ok } from '../../../../shared/platform/result.ts';
import { emptyResponse, notImplemented, refuse, xmlResponse } from './answer.ts';
import type { Bucket } from './model.ts';
import { bucket as bucketShape } from './model.ts';
import type { S3Request } from './request.ts';
import { malformed } from './retention.ts';
import type { Answer, S3Room } from './room.ts';
import { findBucket } from './room.ts';
import { element, group, leaves, xml } from './xml.ts';

/** Amazon S3 User Guide, "General purpose bucket naming rules". */
const bucketName = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export function createBucket(room: S3Room, request: S3Request): Answer {
  if (!bucketName.test(request.bucket)) return refuse(400, 'InvalidBucketName', 'The specified bucket is not valid.');
  if (room.storage.state.has(request.bucket))
    return refuse(
      409,
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
    );
  const objectLock = request.header('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true';
  const created = room.clock().toISOString();
  const versioning = objectLock ? 'Enabled' : 'Off';
  room.storage.commit({ op: 'bucket', bucket: { name: request.bucket, created, versioning, objectLock } });
  return ok(emptyResponse(200, { location: `/${request.bucket}` }));
}

export function headBucket(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  return found.ok ? ok(emptyResponse(200, { 'x-amz-bucket-region': 'us-east-1' })) : found;
}

export function deleteBucket(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  if (!found.ok) return found;
  if (found.value.objects.size > 0)
    return refuse(
      409,
      'BucketNotEmpty',
      'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
    );
  room.storage.commit({ op: 'drop-bucket', name: request.bucket });
  return ok(emptyResponse(204));
}

export function listBuckets(room: S3Room): Answer {
  const buckets = [...room.storage.state.values()].map(({ bucket }) =>
    group('Bucket', [element('Name', bucket.name), element('CreationDate', bucket.created)]),
  );
  const owner = group('Owner', [element('ID', 'countersign')]);
  return ok(xmlResponse(xml('ListAllMyBucketsResult', [owner, group('Buckets', buckets.sort())])));
}

export function getVersioning(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  if (!found.ok) return found;
  const { versioning } = found.value.bucket;
  return ok(xmlResponse(xml('VersioningConfiguration', versioning === 'Off' ? [] : [element('Status', versioning)])));
}

export function putVersioning(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  if (!found.ok) return found;
  const versioning = leaves(request.body)?.get('Status');
  if (versioning !== 'Enabled' && versioning !== 'Suspended') return malformed;
  const { bucket } = found.value;
  if (bucket.objectLock && versioning === 'Suspended')
    return refuse(
      409,
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    );
  room.storage.commit({ op: 'bucket', bucket: { ...bucket, versioning } });
  return ok(emptyResponse(200));
}

export function getLockConfiguration(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  if (!found.ok) return found;
  const { objectLock, defaultRetention: rule } = found.value.bucket;
  if (!objectLock)
    return refuse(
      404,
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    );
  const retention = rule === undefined ? [] : [element('Mode', rule.mode), element('Days', rule.days)];
  const rules = rule === undefined ? [] : [group('Rule', [group('DefaultRetention', retention)])];
  return ok(xmlResponse(xml('ObjectLockConfiguration', [element('ObjectLockEnabled', 'Enabled'), ...rules])));
}

/** Sets the default retention. Like S3 until 2023, only for buckets made with Object Lock. */
export function putLockConfiguration(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  if (!found.ok) return found;
  const { bucket } = found.value;
  if (!bucket.objectLock) return notImplemented('Object Lock on a bucket that was created without it');
  const rule = readRule(leaves(request.body));
  if (rule === undefined) return malformed;
  const { name, created, versioning, objectLock } = bucket;
  const locked = { name, created, versioning, objectLock };
  room.storage.commit({ op: 'bucket', bucket: rule === 'none' ? locked : { ...locked, defaultRetention: rule } });
  return ok(emptyResponse(200));
}

/** The default retention a body asks for; a year counts 365 days. `undefined` if the body is not one. */
function readRule(body: ReadonlyMap<string, string> | undefined): Bucket['defaultRetention'] | 'none' {
  if (body?.get('ObjectLockEnabled') !== 'Enabled') return undefined;
  const mode = body.get('Mode');
  if (mode === undefined) return 'none';
  const years = Number(body.get('Years') ?? Number.NaN);
  const days = Number(body.get('Days') ?? years * 365);
  const rule = bucketShape.shape.defaultRetention.safeParse({ mode, days });
  return rule.success ? rule.data : undefined;
}
