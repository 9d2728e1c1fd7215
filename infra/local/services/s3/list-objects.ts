import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { S3Error } from './answer.ts';
import { refuse, xmlResponse } from './answer.ts';
import type { ListingQuery, Page } from './listing.ts';
import { page, sortKeys } from './listing.ts';
import type { Version } from './model.ts';
import type { S3Request } from './request.ts';
import type { Answer, S3Room } from './room.ts';
import { findBucket } from './room.ts';
import { current } from './state.ts';
import { element, group, xml } from './xml.ts';

/** S3 gives at most a thousand a page. */
const maxPage = 1_000;

/** ListObjectsV2. The continuation token is the last name of the page before, in base64url. */
export function listObjects(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  if (!found.ok) return found;
  const token = request.query.get('continuation-token');
  const after = token === null ? (request.query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const query = readQuery(request, after);
  if (!query.ok) return query;
  const live = new Map<string, Version>();
  for (const [key, versions] of found.value.objects) {
    const version = current(versions);
    if (version !== undefined) live.set(key, version);
  }
  const listed = page(sortKeys(live.keys()), query.value);
  const contents = listed.keys.flatMap((key) => {
    const version = live.get(key);
    return version === undefined ? [] : [group('Contents', [element('Key', name(request, key)), ...facts(version)])];
  });
  const next =
    listed.next === undefined ? [] : [element('NextContinuationToken', Buffer.from(listed.next).toString('base64url'))];
  const echoed = token === null ? [] : [element('ContinuationToken', token)];
  const count = element('KeyCount', listed.keys.length + listed.prefixes.length);
  return ok(
    xmlResponse(
      xml('ListBucketResult', [...head(request, query.value, listed), ...echoed, ...next, count, ...contents]),
    ),
  );
}

/** ListObjectVersions, newest first within a key. A page ends between keys, so version-id-marker is never needed. */
export function listVersions(room: S3Room, request: S3Request): Answer {
  const found = findBucket(room, request);
  if (!found.ok) return found;
  const query = readQuery(request, request.query.get('key-marker') ?? '');
  if (!query.ok) return query;
  const listed = page(sortKeys(found.value.objects.keys()), query.value);
  const rows = listed.keys.flatMap((key) =>
    [...(found.value.objects.get(key) ?? [])].reverse().map((one, at) => row(request, one, at === 0)),
  );
  const next = listed.next === undefined ? [] : [element('NextKeyMarker', name(request, listed.next))];
  return ok(xmlResponse(xml('ListVersionsResult', [...head(request, query.value, listed), ...next, ...rows])));
}

function readQuery(request: S3Request, after: string): Result<ListingQuery, S3Error> {
  const asked = request.query.get('max-keys') ?? String(maxPage);
  if (!/^\d{1,9}$/.test(asked))
    return refuse(400, 'InvalidArgument', 'Argument max-keys must be an integer between 0 and 2147483647');
  const encoding = request.query.get('encoding-type');
  if (encoding !== null && encoding !== 'url')
    return refuse(400, 'InvalidArgument', 'Invalid Encoding Method specified in Request');
  const maxKeys = Math.min(Number(asked), maxPage);
  return ok({
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') ?? '',
    after,
    maxKeys,
  });
}

function head(request: S3Request, query: ListingQuery, listed: Page): string[] {
  return [
    element('Name', request.bucket),
    element('Prefix', name(request, query.prefix)),
    ...(query.delimiter === '' ? [] : [element('Delimiter', name(request, query.delimiter))]),
    element('MaxKeys', query.maxKeys),
    element('IsTruncated', listed.next !== undefined),
    ...listed.prefixes.map((prefix) => group('CommonPrefixes', [element('Prefix', name(request, prefix))])),
  ];
}

function row(request: S3Request, version: Version, latest: boolean): string {
  const common = [
    element('Key', name(request, version.key)),
    element('VersionId', version.versionId),
    element('IsLatest', latest),
  ];
  return version.deleteMarker
    ? group('DeleteMarker', [...common, element('LastModified', version.modified)])
    : group('Version', [...common, ...facts(version)]);
}

const facts = (version: Version): string[] => [
  element('LastModified', version.modified),
  element('ETag', version.etag),
  element('Size', version.size),
  element('StorageClass', 'STANDARD'),
];

const name = (request: S3Request, text: string): string =>
  request.query.get('encoding-type') === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text;
