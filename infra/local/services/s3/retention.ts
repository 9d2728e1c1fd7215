import { ok } from '../../../../shared/platform/result.ts';
import { emptyResponse, refuse, xmlResponse } from './answer.ts';
import { bypassAsked, mayRetain, parseRetention } from './object-lock.ts';
import type { S3Request } from './request.ts';
import type { Answer, S3Room } from './room.ts';
import { locate } from './room.ts';
import { element, leaves, xml } from './xml.ts';

export function getRetention(room: S3Room, request: S3Request): Answer {
  const found = locate(room, request);
  if (!found.ok) return found;
  const { retention } = found.value.version;
  if (retention === undefined) return missing;
  return ok(
    xmlResponse(xml('Retention', [element('Mode', retention.mode), element('RetainUntilDate', retention.until)])),
  );
}

export function putRetention(room: S3Room, request: S3Request): Answer {
  const found = locate(room, request);
  if (!found.ok) return found;
  const { bucket, version } = found.value;
  if (!bucket.bucket.objectLock) return withoutLock;
  const body = leaves(request.body);
  if (body === undefined) return malformed;
  const wanted = parseRetention(body.get('Mode'), body.get('RetainUntilDate'), room.clock());
  if (!wanted.ok) return wanted;
  const allowed = mayRetain(version, wanted.value, bypassAsked(request), room.clock());
  if (!allowed.ok) return allowed;
  const { key, versionId } = version;
  room.storage.commit({ op: 'lock', bucket: request.bucket, key, versionId, retention: wanted.value });
  return ok(emptyResponse(200));
}

export function getLegalHold(room: S3Room, request: S3Request): Answer {
  const found = locate(room, request);
  if (!found.ok) return found;
  const { legalHold } = found.value.version;
  if (legalHold === undefined) return missing;
  return ok(xmlResponse(xml('LegalHold', [element('Status', legalHold ? 'ON' : 'OFF')])));
}

export function putLegalHold(room: S3Room, request: S3Request): Answer {
  const found = locate(room, request);
  if (!found.ok) return found;
  const { bucket, version } = found.value;
  if (!bucket.bucket.objectLock) return withoutLock;
  const status = leaves(request.body)?.get('Status');
  if (status !== 'ON' && status !== 'OFF') return malformed;
  const { key, versionId } = version;
  room.storage.commit({ op: 'lock', bucket: request.bucket, key, versionId, legalHold: status === 'ON' });
  return ok(emptyResponse(200));
}

const missing = refuse(
  404,
  'NoSuchObjectLockConfiguration',
  'The specified object does not have a ObjectLock configuration',
);
const withoutLock = refuse(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
export const malformed = refuse(
  400,
  'MalformedXML',
  'The XML you provided was not well-formed or did not validate against our published schema',
);
