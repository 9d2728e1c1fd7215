import { sha256Hex } from '../platform/canonical.ts';

/** About a kilobyte each, so a few megabytes at worst; far more agents than one process sees in five minutes. */
const MAX_ENTRIES = 2_000;
/** A checked token is believed this long without checking again, though never past its expiry. */
const MAX_AGE_MS = 300_000;

/** Values under tokens that were verified. */
export interface Remembered<T> {
  get(token: string, now: Date): T | undefined;
  put(token: string, value: T, expiresAt: Date, now: Date): void;
}

/**
 * A bounded memory, least recently used first out. Keyed by digest, so that a heap dump holds no usable token. Only
 * good tokens enter: a flood of bad ones cannot push them out. It dies with the configuration it was made for.
 */
export function rememberTokens<T>(maxEntries = MAX_ENTRIES): Remembered<T> {
  const entries = new Map<string, { value: T; since: number; until: number }>();
  return {
    get(token, now) {
      const key = sha256Hex(token);
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      // A clock that jumped back says nothing about how old the entry is: check again.
      if (now.getTime() < entry.since || now.getTime() >= entry.until) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    put(token, value, expiresAt, now) {
      const since = now.getTime();
      const oldest = entries.keys().next();
      if (entries.size >= maxEntries && oldest.done !== true) entries.delete(oldest.value);
      entries.set(sha256Hex(token), { value, since, until: Math.min(expiresAt.getTime(), since + MAX_AGE_MS) });
    },
  };
}
