import type { DigestEntry } from '../../domain/digest.ts';
import type { Result } from '../../platform/result.ts';
import type { StoreFault } from './session-store.ts';

/** An archived session that no digest names yet. */
export interface Delivered extends DigestEntry {
  readonly session: string;
}

/**
 * Archived sessions on their way into a digest. One is in the queue from the write that says "archived" until it is
 * settled, so a delivery that comes late is late in the queue and not lost between two hours.
 */
export interface DigestQueue {
  /** Delivered before that instant and not settled, as the table itself has it now; oldest first. */
  pending(before: string, limit: number): Promise<Result<readonly Delivered[], StoreFault>>;
  /** Out of the queue; only now may the live copy begin to age. Repeating it changes nothing. */
  settle(sessions: readonly string[]): Promise<Result<void, StoreFault>>;
}
