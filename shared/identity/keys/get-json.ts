import type { ReadableStream } from 'node:stream/web';
import type { JsonObject } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { parseStrictJson } from '../../platform/strict-json.ts';
import { decodeUtf8 } from '../base64url.ts';
import { isObject } from '../compact.ts';

/** The part of `fetch` that is used. */
export type HttpGet = (
  url: string,
  init: { redirect: 'error'; signal: AbortSignal; headers: Record<string, string> },
) => Promise<HttpAnswer>;

export interface HttpAnswer {
  readonly status: number;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** Large issuers publish some 20 KB of keys with certificates; 128 KiB leaves room and still bounds what is parsed. */
const MAX_BYTES = 131_072;

/**
 * GET of a JSON object. Redirects are refused: the address is what configuration and the issuer vouch for, and a
 * redirect lets whoever controls one page of the host say where keys come from. Never throws.
 */
export async function getJson(get: HttpGet, url: string, signal: AbortSignal): Promise<Result<JsonObject, string>> {
  try {
    const response = await ask(get, url, signal);
    if (response.status !== 200) {
      await response.body?.cancel();
      return err(`${url} answered ${response.status}`);
    }
    const bytes = await readBounded(response);
    if (!bytes) return err(`${url} answered more than ${MAX_BYTES} bytes`);
    const parsed = parseStrictJson(decodeUtf8(bytes) ?? '', { depth: 12 });
    return parsed.ok && isObject(parsed.value) ? ok(parsed.value) : err(`${url} did not answer a JSON object`);
  } catch (thrown) {
    return err(`${url} could not be read: ${reasonOf(thrown)}`);
  }
}

/**
 * A frozen Lambda wakes with kept-alive connections that the other side closed long ago, and the first request on one
 * fails. So what failed to connect is asked once more, within the same deadline.
 */
async function ask(get: HttpGet, url: string, signal: AbortSignal): Promise<HttpAnswer> {
  const init = { redirect: 'error', signal, headers: { accept: 'application/json' } } as const;
  try {
    return await get(url, init);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return get(url, init);
  }
}

async function readBounded(response: HttpAnswer): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `fetch` hides why a connection failed in `cause`. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown error';
  return thrown.cause instanceof Error ? `${thrown.message}: ${thrown.cause.message}` : thrown.message;
}
