import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { S3Error } from './answer.ts';
import { accessDenied, refuse } from './answer.ts';
import type { Bucket, Retention, Version } from './model.ts';
import type { S3Request } from './request.ts';

const day = 24 * 60 * 60 * 1000;

/** Whether a version may be deleted now (Amazon S3 User Guide, "Locking objects with Object Lock"). */
export function mayDelete(version: Version, bypassGovernance: boolean, now: Date): Result<null, S3Error> {
  const held = version.legalHold === true || (locked(version.retention, now) && !bypasses(version, bypassGovernance));
  return held ? accessDenied('Access Denied because object protected by object lock.') : ok(null);
}

/** A retention may grow. Only GOVERNANCE, and only with the bypass header, may shrink or change its mode. */
export function mayRetain(
  version: Version,
  next: Retention,
  bypassGovernance: boolean,
  now: Date,
): Result<null, S3Error> {
  const kept = version.retention;
  if (Date.parse(next.until) <= now.getTime())
    return refuse(400, 'InvalidArgument', 'The retain until date must be in the future!');
  if (kept === undefined || !locked(kept, now) || bypasses(version, bypassGovernance)) return ok(null);
  const stronger = next.mode === kept.mode || next.mode === 'COMPLIANCE';
  return stronger && Date.parse(next.until) >= Date.parse(kept.until)
    ? ok(null)
    : accessDenied('Access Denied because object protected by object lock.');
}

/** The retention a new version gets: what its headers say, else the bucket's default, else none. */
export function retentionFor(request: S3Request, bucket: Bucket, now: Date): Result<Retention | undefined, S3Error> {
  const mode = request.header('x-amz-object-lock-mode');
  const until = request.header('x-amz-object-lock-retain-until-date');
  if (mode !== undefined || until !== undefined) {
    if (!bucket.objectLock) return refuse(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
    return parseRetention(mode, until, now);
  }
  const byDefault = bucket.defaultRetention;
  if (byDefault === undefined) return ok(undefined);
  return ok({ mode: byDefault.mode, until: new Date(now.getTime() + byDefault.days * day).toISOString() });
}

export function parseRetention(
  mode: string | undefined,
  until: string | undefined,
  now: Date,
): Result<Retention, S3Error> {
  const at = Date.parse(until ?? '');
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    return refuse(400, 'InvalidArgument', 'Unknown wormMode directive.');
  if (Number.isNaN(at) || at <= now.getTime())
    return refuse(400, 'InvalidArgument', 'The retain until date must be in the future!');
  return ok({ mode, until: new Date(at).toISOString() });
}

export const bypassAsked = (request: S3Request): boolean =>
  request.header('x-amz-bypass-governance-retention') === 'true';

const bypasses = (version: Version, asked: boolean): boolean => asked && version.retention?.mode === 'GOVERNANCE';

const locked = (retention: Retention | undefined, now: Date): boolean =>
  retention !== undefined && Date.parse(retention.until) > now.getTime();
