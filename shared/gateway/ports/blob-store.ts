import type { BlobRef } from '../../domain/event.ts';
import type { Result } from '../../platform/result.ts';
import type { StoreFault } from './session-store.ts';

/** Bytes too large for an item, kept once under their own SHA-256: writing the same again changes nothing. */
export interface BlobStore {
  put(bytes: Uint8Array): Promise<Result<BlobRef, StoreFault>>;
  /** Checks the digest: bytes that are not what the reference names are a fault. */
  get(ref: BlobRef): Promise<Result<Uint8Array, StoreFault>>;
}
