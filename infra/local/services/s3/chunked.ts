import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { S3Error } from './answer.ts';
import { refuse } from './answer.ts';

export interface Decoded {
  readonly bytes: Buffer;
  /** Lower-case names. */
  readonly trailers: ReadonlyMap<string, string>;
}

const crlf = Buffer.from('\r\n');
const maxTrailers = 10;

/**
 * The `aws-chunked` encoding (Amazon S3 API Reference, "Signature calculations: chunked upload"): hex size, perhaps a
 * chunk signature, CRLF, the bytes, CRLF; a chunk of size 0; then trailers. Signatures are not checked here.
 */
export function decodeChunked(body: Buffer, declaredLength: number): Result<Decoded, S3Error> {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf(crlf, at);
    const size =
      lineEnd < 0 ? undefined : /^([0-9a-f]{1,8})(?:;[^\r\n]*)?$/i.exec(body.toString('latin1', at, lineEnd))?.[1];
    if (size === undefined) return incomplete;
    const start = lineEnd + 2;
    const end = start + Number.parseInt(size, 16);
    at = end + 2;
    if (end === start) return finish(parts, body.subarray(start), declaredLength);
    if (end > body.length || !body.subarray(end, at).equals(crlf)) return incomplete;
    parts.push(body.subarray(start, end));
  }
}

function finish(parts: Buffer[], rest: Buffer, declaredLength: number): Result<Decoded, S3Error> {
  const bytes = Buffer.concat(parts);
  if (bytes.length !== declaredLength) return incomplete;
  const trailers = new Map<string, string>();
  for (const line of rest
    .toString('latin1')
    .split(/\r?\n/)
    .filter((text) => text !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1 || trailers.size >= maxTrailers)
      return refuse(400, 'MalformedTrailerError', 'The request contained trailing data that was not well-formed.');
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return ok({ bytes, trailers });
}

const incomplete = refuse(
  400,
  'IncompleteBody',
  'The request body is not whole aws-chunked data of the length in x-amz-decoded-content-length.',
);
