import { BLOBS, type DigestEntry } from '../../../domain/digest.ts';

/** An object that is vouched for. `inRange`: by a digest of an hour that is asked about, so the object is read. */
export interface LedgerEntry extends DigestEntry {
  readonly inRange: boolean;
  /** What refers to it, where that is no digest: a session's id. */
  readonly by?: string;
}

/**
 * What the digests name, put aside by folder while they are read in time, and taken up again by folder while the
 * archive is read by key. Kept outside of memory: years of digests name more objects than fit.
 */
export interface Ledger {
  add(folder: string, entries: readonly LedgerEntry[]): Promise<void>;
  /** By key; of a folder that holds nothing, nothing. Each folder is taken once. */
  take(folder: string): Promise<readonly LedgerEntry[]>;
  /** Folders that were added to and not taken. */
  left(): readonly string[];
}

/** `sessions/2026/11/21` of a session's key; blobs, which lie all in one place, by the first two digits of their name. */
export const folderOf = (key: string): string =>
  key.slice(0, key.startsWith(BLOBS) ? BLOBS.length + 2 : Math.max(0, key.lastIndexOf('/')));
