import type { BlobRef } from '../../domain/event.ts';
import type { Result } from '../../platform/result.ts';
import type { StoreFault } from './session-store.ts';

/** The second place for a large answer, when S3 does not take it. It waits there until S3 has it. */
export interface SpareBlobs {
  /** Writing the same again changes nothing. */
  put(bytes: Uint8Array): Promise<Result<BlobRef, StoreFault>>;
  /** `undefined` when it was never set aside, or has been delivered. */
  get(ref: BlobRef): Promise<Result<Uint8Array | undefined, StoreFault>>;
  /** It lies in S3 now. */
  delivered(ref: BlobRef): Promise<Result<void, StoreFault>>;
}
