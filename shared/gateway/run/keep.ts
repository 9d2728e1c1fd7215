import { Buffer } from 'node:buffer';
import type { KeptResult, KeptText } from '../../domain/event.ts';
import type { MaskedResult } from '../../domain/result-set.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { ok, type Result } from '../../platform/result.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { StoreFault } from '../ports/session-store.ts';
import type { LargeAnswer } from './settle.ts';

/**
 * Bytes, as JSON, of what is kept in the session item itself. An item holds 400 KB and must never be too full for its
 * own outcome: submission 96 (intake/submission.ts) + effects twice 48 (judge.ts) + answer 32 + its columns 16 + what was
 * masked of it 24 (masking/account.ts) + the statement once more, to be searched, 32 leave 104 for votes. Larger goes to S3 once, named by its digest.
 */
const INLINE_BYTES = 32_768;
/** Columns repeated beside an answer that lies in S3: some hundred. PostgreSQL allows 1,664, half a megabyte of names. */
const COLUMN_BYTES = 16_384;

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

export interface Kept<T> {
  readonly kept: T;
  /** Settles when it is durable. Awaited together with the write that refers to it, so it costs no round trip of its own. */
  readonly stored: Promise<Result<unknown, StoreFault>>;
}

const NOTHING_TO_STORE = Promise.resolve(ok(undefined));

export function keepText(blobs: BlobStore, text: string): Kept<KeptText> {
  const bytes = Buffer.from(text, 'utf8');
  // As JSON: a control character is one byte of text and six of the event.
  if (jsonBytes(text) <= INLINE_BYTES) return { kept: { text }, stored: NOTHING_TO_STORE };
  return { kept: { blob: { sha256: sha256Hex(bytes), bytes: bytes.byteLength } }, stored: blobs.put(bytes) };
}

export function keepResult(
  blobs: BlobStore,
  result: MaskedResult,
): { readonly kept: KeptResult; readonly large?: LargeAnswer } {
  const bytes = Buffer.from(JSON.stringify(result), 'utf8');
  if (bytes.byteLength <= INLINE_BYTES) return { kept: { inline: result } };
  const { rowCount, truncated } = result;
  const columns = jsonBytes(result.columns) <= COLUMN_BYTES ? result.columns : [];
  return {
    kept: { blob: { sha256: sha256Hex(bytes), bytes: bytes.byteLength }, columns, rowCount, truncated },
    large: { bytes, stored: blobs.put(bytes) },
  };
}
