import type { IncomingMessage } from 'node:http';

/** API Gateway's quota for the request line and all header values of an HTTP API, together. */
const LARGEST_HEAD = 10_240;
/** API Gateway's quota for a payload. */
export const LARGEST_BODY = 10 * 1024 * 1024;

export function headTooLarge(request: IncomingMessage): boolean {
  const line = `${request.method ?? ''} ${request.url ?? ''} HTTP/1.1`;
  const size = request.rawHeaders.reduce((sum, part) => sum + Buffer.byteLength(part), Buffer.byteLength(line));
  return size > LARGEST_HEAD;
}

/**
 * The whole body, or `undefined` when it is larger than an HTTP API takes. The rest is then read and dropped: a client
 * that is cut off while it sends never sees the 413.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) {
    request.resume();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > LARGEST_BODY) {
      request.resume();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
