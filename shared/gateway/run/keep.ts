import { Buffer } from 'node:buffer';
import type { KeptResult, KeptText } from '../../domain/event.ts';
import type { MaskedResult } from '../../domain/result-set.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { ok, type Result } from '../../platform/result.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { StoreFault } from '../ports/session-store.ts';

/**
 * Bytes kept in the session item itself. An item holds 400 KB: statement 32 + answer 32 + effects at most 150 leave
 * room for votes and for the indexes that repeat it. Larger goes to S3 once, named by its digest.
 */
const INLINE_BYTES = 32_768;

export interface Kept<T> {
  readonly kept: T;
  /** Settles when it is durable. Awaited together with the write that refers to it, so it costs no round trip of its own. */
  readonly stored: Promise<Result<unknown, StoreFault>>;
}

const NOTHING_TO_STORE = Promise.resolve(ok(undefined));

export function keepText(blobs: BlobStore, text: string): Kept<KeptText> {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.byteLength <= INLINE_BYTES) return { kept: { text }, stored: NOTHING_TO_STORE };
  return { kept: { blob: { sha256: sha256Hex(bytes), bytes: bytes.byteLength } }, stored: blobs.put(bytes) };
}

export function keepResult(blobs: BlobStore, result: MaskedResult): Kept<KeptResult> {
  const bytes = Buffer.from(JSON.stringify(result), 'utf8');
  if (bytes.byteLength <= INLINE_BYTES) return { kept: { inline: result }, stored: NOTHING_TO_STORE };
  const { columns, rowCount, truncated } = result;
  return {
    kept: { blob: { sha256: sha256Hex(bytes), bytes: bytes.byteLength }, columns, rowCount, truncated },
    stored: blobs.put(bytes),
  };
}
