import { ok } from '../../../../shared/platform/result.ts';
import { emptyResponse } from './answer.ts';
import { checksumHeaders } from './checksums.ts';
import { mayRead } from './conditions.ts';
import type { Version } from './model.ts';
import { readRange } from './range.ts';
import type { S3Request } from './request.ts';
import type { Answer, S3Room } from './room.ts';
import { locate } from './room.ts';

/** GetObject and HeadObject, with conditions and one range. */
export function getObject(room: S3Room, request: S3Request): Answer {
  const found = locate(room, request);
  if (!found.ok) return found;
  const { version } = found.value;
  const wanted = mayRead(request, version);
  if (!wanted.ok) return wanted;
  const headers = headersOf(version, found.value.bucket.bucket.versioning !== 'Off');
  if (wanted.value === 'not-modified') return ok(emptyResponse(304, headers));
  const range = readRange(request.header('range'), version.size);
  if (!range.ok) return range;
  const [from, to] = range.value ?? [0, version.size];
  const head = request.method === 'HEAD';
  const body = head ? Buffer.alloc(0) : room.storage.read(version).subarray(from, to);
  return ok({
    status: range.value === undefined ? 200 : 206,
    headers: {
      ...headers,
      ...(range.value === undefined
        ? checksumsAsked(request, version)
        : { 'content-range': `bytes ${from}-${to - 1}/${version.size}` }),
      'content-length': String(to - from),
    },
    body,
  });
}

/** A checksum is of the whole object, so a part of one is sent without. */
const checksumsAsked = (request: S3Request, version: Version): Record<string, string> =>
  request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' ? checksumHeaders(version.checksums) : {};

function headersOf(version: Version, versioned: boolean): Record<string, string> {
  const metadata = Object.entries(version.metadata).map(([name, value]): [string, string] => [
    `x-amz-meta-${name}`,
    value,
  ]);
  return {
    'content-type': 'binary/octet-stream',
    ...version.headers,
    ...Object.fromEntries(metadata),
    'accept-ranges': 'bytes',
    etag: version.etag,
    'last-modified': new Date(version.modified).toUTCString(),
    ...(versioned && { 'x-amz-version-id': version.versionId }),
    ...(version.retention && {
      'x-amz-object-lock-mode': version.retention.mode,
      'x-amz-object-lock-retain-until-date': version.retention.until,
    }),
    ...(version.legalHold === true && { 'x-amz-object-lock-legal-hold': 'ON' }),
  };
}
