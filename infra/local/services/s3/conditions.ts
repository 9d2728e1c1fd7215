import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { S3Error } from './answer.ts';
import { notImplemented, refuse } from './answer.ts';
import type { Version } from './model.ts';
import type { S3Request } from './request.ts';

const failed = refuse(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');

/** Conditional writes: `If-None-Match: *` creates only, `If-Match: "etag"` replaces only that. */
export function mayWrite(request: S3Request, existing: Version | undefined): Result<null, S3Error> {
  const none = request.header('if-none-match');
  const match = request.header('if-match');
  if (none !== undefined && none !== '*') return notImplemented('If-None-Match with anything but * on a write');
  if (none === '*' && existing !== undefined) return failed;
  if (match === undefined) return ok(null);
  if (existing === undefined) return refuse(404, 'NoSuchKey', 'The specified key does not exist.');
  return matches(match, existing.etag) ? ok(null) : failed;
}

/** Conditional reads (RFC 9110, 13.2.2, in its order). `304` means: what you have is still right. */
export function mayRead(request: S3Request, version: Version): Result<'send' | 'not-modified', S3Error> {
  const match = request.header('if-match');
  const none = request.header('if-none-match');
  // HTTP dates count whole seconds.
  const modified = Math.floor(Date.parse(version.modified) / 1000) * 1000;
  const unmodifiedSince = date(request.header('if-unmodified-since'));
  if (match !== undefined && !matches(match, version.etag)) return failed;
  if (match === undefined && unmodifiedSince !== undefined && modified > unmodifiedSince) return failed;
  if (none !== undefined) return ok(matches(none, version.etag) ? 'not-modified' : 'send');
  const modifiedSince = date(request.header('if-modified-since'));
  return ok(modifiedSince !== undefined && modified <= modifiedSince ? 'not-modified' : 'send');
}

function matches(list: string, etag: string): boolean {
  return list.split(',').some((one) => ['*', etag, etag.replaceAll('"', '')].includes(one.trim().replace(/^W\//, '')));
}

function date(text: string | undefined): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
