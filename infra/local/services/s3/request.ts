import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { WireRequest } from '../wire/http-server.ts';
import { hostname } from '../wire/origin.ts';
import type { S3Error } from './answer.ts';
import { refuse } from './answer.ts';

/** A request with its place taken apart. `bucket` and `key` are empty where the path ends before them. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** x-amz-meta-* headers, without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  /** One value a header; S3 has none that may repeat. */
  header(name: string): string | undefined;
}

/** S3's limit on a key, in bytes of UTF-8. */
const maxKeyBytes = 1_024;

/** Path style (`/bucket/key`) or virtual-hosted style (`bucket.localhost`); the key is decoded once and never tidied. */
export function readRequest(request: WireRequest): Result<S3Request, S3Error> {
  const mark = request.target.indexOf('?');
  const path = mark < 0 ? request.target : request.target.slice(0, mark);
  const decoded = decode(path);
  if (decoded === undefined) return refuse(400, 'InvalidURI', "Couldn't parse the specified URI.");
  const { bucket, key } = place(decoded.slice(1), bucketIn(request.headers.host ?? ''));
  if (Buffer.byteLength(key) > maxKeyBytes) return refuse(400, 'KeyTooLongError', 'Your key is too long');
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const query = new URLSearchParams(mark < 0 ? '' : request.target.slice(mark + 1));
  return ok({
    method: request.method,
    bucket,
    key,
    query,
    body: request.body,
    metadata: metadataIn(request.headers),
    header,
  });
}

/** `bucket.localhost` and `bucket.s3.localhost` name a bucket; `s3.localhost` and plain `localhost` do not. */
function bucketIn(host: string): string | undefined {
  const label = /^([^.]+)\.(?:s3\.)?localhost$/.exec(hostname(host))?.[1];
  return label === 's3' ? undefined : label;
}

function place(path: string, fromHost: string | undefined): { bucket: string; key: string } {
  if (fromHost !== undefined) return { bucket: fromHost, key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

const metaPrefix = 'x-amz-meta-';

function metadataIn(headers: WireRequest['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    name.startsWith(metaPrefix) && typeof value === 'string' ? [[name.slice(metaPrefix.length), value]] : [],
  );
  return Object.fromEntries(entries);
}

function decode(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return decoded.startsWith('/') ? decoded : undefined;
  } catch {
    return undefined;
  }
}
