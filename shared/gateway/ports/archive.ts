import type { Result } from '../../platform/result.ts';
import type { StoreFault } from './session-store.ts';

/** How long an object is kept. */
export interface Keeping {
  /** Nobody can remove it before. */
  readonly until: Date;
  /** Nor after, until somebody who may lifts the hold. */
  readonly legalHold: boolean;
}

/** What lies in the archive, whoever put it there. */
export interface Archived {
  readonly kind: 'created' | 'already';
  readonly sha256: string;
  readonly bytes: number;
}

/** Finished sessions, one object each, created once and never changed. */
export interface Archive {
  /** Creates `key`; when it is there already and unpacks to the same text that is success, otherwise a fault. */
  create(key: string, bytes: Uint8Array, keeping: Keeping): Promise<Result<Archived, StoreFault>>;
  /**
   * Sees to it that what a session refers to is kept as long as the session: it may have been put there long before, for
   * another. Never shortens anything. Success when there is no such object: that is for whoever verifies to say.
   */
  keepAsLong(key: string, keeping: Keeping): Promise<Result<void, StoreFault>>;
}
