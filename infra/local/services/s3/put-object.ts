import { createHash, randomUUID } from 'node:crypto';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { S3Error } from './answer.ts';
import { emptyResponse, notImplemented, refuse } from './answer.ts';
import { checksumHeaders, verifyChecksums, verifyDigests } from './checksums.ts';
import type { Decoded } from './chunked.ts';
import { decodeChunked } from './chunked.ts';
import { mayWrite } from './conditions.ts';
import type { Bucket, Version } from './model.ts';
import { retentionFor } from './object-lock.ts';
import type { S3Request } from './request.ts';
import type { Answer, S3Room } from './room.ts';
import { findBucket } from './room.ts';
import { current } from './state.ts';

/** Sent by a client to have it given back; everything else of a PUT is either understood or refused. */
const keptHeaders = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'] as const;
const refusedHeaders = [
  'x-amz-copy-source',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-write-offset-bytes',
] as const;
/** S3's limit on user metadata, names and values together. */
const maxMetadataBytes = 2_048;

/** PutObject. Bytes are checked and stored first; then condition and commit are one step that nobody comes between. */
export function putObject(room: S3Room, request: S3Request): Answer {
  const bucket = findBucket(room, request);
  if (!bucket.ok) return bucket;
  const unread = refusedHeaders.find((name) => request.header(name) !== undefined);
  if (unread !== undefined) return notImplemented(`the header ${unread}`);
  const draft = draftOf(request, bucket.value.bucket, room.clock());
  if (!draft.ok) return draft;
  const condition = mayWrite(request, current(bucket.value.objects.get(request.key)));
  if (!condition.ok) return condition;
  const version = { ...draft.value.version, blob: room.storage.keep(draft.value.bytes) };
  room.storage.commit({ op: 'put', bucket: request.bucket, version });
  const named = version.versionId === 'null' ? {} : { 'x-amz-version-id': version.versionId };
  return ok(emptyResponse(200, { etag: version.etag, ...named, ...checksumHeaders(version.checksums) }));
}

function draftOf(request: S3Request, bucket: Bucket, now: Date): Result<{ version: Version; bytes: Buffer }, S3Error> {
  const content = contentOf(request);
  if (!content.ok) return content;
  const { bytes, trailers } = content.value;
  const digests = verifyDigests(bytes, request.header('content-md5'), request.header('x-amz-content-sha256'));
  if (!digests.ok) return digests;
  const given = givenChecksums(request, trailers);
  const checksums = verifyChecksums(bytes, given);
  if (!checksums.ok) return checksums;
  const retention = retentionFor(request, bucket, now);
  if (!retention.ok) return retention;
  if (retention.value !== undefined && given.size === 0 && request.header('content-md5') === undefined)
    return refuse(
      400,
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
  const metadata = metadataOf(request);
  if (!metadata.ok) return metadata;
  const legalHold = request.header('x-amz-object-lock-legal-hold') === 'ON';
  const version: Version = {
    key: request.key,
    versionId: bucket.versioning === 'Enabled' ? randomUUID().replaceAll('-', '') : 'null',
    deleteMarker: false,
    blob: '',
    size: bytes.length,
    etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
    modified: now.toISOString(),
    headers: headersOf(request),
    metadata: metadata.value,
    checksums: checksums.value,
    ...(retention.value && { retention: retention.value }),
    ...(legalHold && { legalHold }),
  };
  return ok({ version, bytes });
}

function contentOf(request: S3Request): Result<Decoded, S3Error> {
  const chunked = request.header('x-amz-content-sha256')?.startsWith('STREAMING-') === true;
  if (!chunked) return ok({ bytes: request.body, trailers: new Map() });
  return decodeChunked(request.body, Number(request.header('x-amz-decoded-content-length') ?? Number.NaN));
}

function givenChecksums(request: S3Request, trailers: ReadonlyMap<string, string>): Map<string, string> {
  const given = new Map(trailers);
  for (const name of ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256']) {
    const value = request.header(`x-amz-checksum-${name}`);
    if (value !== undefined) given.set(`x-amz-checksum-${name}`, value);
  }
  return given;
}

function headersOf(request: S3Request): Record<string, string> {
  const kept = keptHeaders.flatMap((name): [string, string][] => {
    const value = request.header(name);
    return value === undefined ? [] : [[name, value]];
  });
  // `aws-chunked` describes the transfer, not the object; what stands beside it (gzip) is the object's own.
  const encodings = (request.header('content-encoding') ?? '').split(',').map((one) => one.trim());
  const encoding = encodings.filter((one) => one !== '' && one !== 'aws-chunked').join(',');
  return Object.fromEntries(encoding === '' ? kept : [...kept, ['content-encoding', encoding]]);
}

function metadataOf(request: S3Request): Result<Record<string, string>, S3Error> {
  const size = Object.entries(request.metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return size <= maxMetadataBytes
    ? ok({ ...request.metadata })
    : refuse(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
}
