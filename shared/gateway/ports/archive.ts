import type { Result } from '../../platform/result.ts';
import type { StoreFault } from './session-store.ts';

/** Finished sessions, one object each, created once and never changed. */
export interface Archive {
  /** Creates `key`; when it is there already with the same bytes that is success, with other bytes a fault. */
  create(
    key: string,
    bytes: Uint8Array,
    sha256: string,
    retainUntil: Date,
  ): Promise<Result<'created' | 'already', StoreFault>>;
}
