import { notImplemented, refuse } from './answer.ts';
import {
  createBucket,
  deleteBucket,
  getLockConfiguration,
  getVersioning,
  headBucket,
  listBuckets,
  putLockConfiguration,
  putVersioning,
} from './buckets.ts';
import { deleteObject } from './delete-object.ts';
import { getObject } from './get-object.ts';
import { listObjects, listVersions } from './list-objects.ts';
import { putObject } from './put-object.ts';
import type { S3Request } from './request.ts';
import { getLegalHold, getRetention, putLegalHold, putRetention } from './retention.ts';
import type { Answer, Handler, S3Room } from './room.ts';

/** Method, what the path names, and the query member that says which of its sides: everything this S3 does. */
const routes: Readonly<Record<string, Handler>> = {
  'GET service': listBuckets,
  'PUT bucket': createBucket,
  'HEAD bucket': headBucket,
  'DELETE bucket': deleteBucket,
  'GET bucket list-type': listObjects,
  'GET bucket versions': listVersions,
  'GET bucket versioning': getVersioning,
  'PUT bucket versioning': putVersioning,
  'GET bucket object-lock': getLockConfiguration,
  'PUT bucket object-lock': putLockConfiguration,
  'PUT object': putObject,
  'GET object': getObject,
  'HEAD object': getObject,
  'DELETE object': deleteObject,
  'GET object retention': getRetention,
  'PUT object retention': putRetention,
  'GET object legal-hold': getLegalHold,
  'PUT object legal-hold': putLegalHold,
};

/** Query members that adjust an operation. Any other selects one, so an unknown one is an operation we lack. */
const adjusting = new Set([
  'x-id',
  'versionId',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'fetch-owner',
  'encoding-type',
  'key-marker',
]);

export function route(room: S3Room, request: S3Request): Promise<Answer> | Answer {
  const scope = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object';
  const sides = [...request.query.keys()].filter((member) => !adjusting.has(member) && !/^x-amz-/i.test(member));
  const name = [request.method, scope, ...sides].join(' ');
  const handler = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (handler !== undefined) return withinLifetime(room, request) ? handler(room, request) : expired;
  return notImplemented(`${name}; it has ${Object.keys(routes).join(', ')}`);
}

const expired = refuse(403, 'AccessDenied', 'Request has expired');

/** A presigned URL lives X-Amz-Expires seconds from X-Amz-Date (20261121T060000Z); signatures are not checked here. */
function withinLifetime(room: S3Room, request: S3Request): boolean {
  const seconds = request.query.get('X-Amz-Expires');
  if (seconds === null) return true;
  const date = request.query.get('X-Amz-Date') ?? '';
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (parts === null) return false;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts;
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return room.clock().getTime() <= signed + Number(seconds) * 1_000;
}
