import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/**
 * Digests under the secret of one installation: equal texts have equal digests, and whoever lacks the secret can neither
 * guess a text from its digest (an e-mail, a card number: small domains, which a plain hash gives away) nor make one.
 */
export interface KeyedDigest {
  /** Tells secrets apart without telling them: digests under different ones cannot be compared. 16 hex digits. */
  readonly key: string;
  /** HMAC-SHA-256 (RFC 2104), 64 hex digits. Digests of one purpose cannot be compared with those of another. */
  of(purpose: string, bytes: string | Uint8Array): string;
}

/** A key of its own for every purpose, derived by HKDF (RFC 5869), so that none says anything of another. */
const derived = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `countersign/${purpose}`, 32));

/** Keys kept at once: purposes are a handful of names in the code and the classes of a configuration. */
const MAX_KEYS = 256;

export function keyedDigest(secret: string): KeyedDigest {
  const keys = new Map<string, KeyObject>();
  const keyFor = (purpose: string): KeyObject => {
    const known = keys.get(purpose);
    if (known !== undefined) return known;
    if (keys.size >= MAX_KEYS) keys.clear();
    const key = createSecretKey(derived(secret, purpose));
    keys.set(purpose, key);
    return key;
  };
  return {
    key: derived(secret, 'name').toString('hex').slice(0, 16),
    of: (purpose, bytes) => createHmac('sha256', keyFor(purpose)).update(bytes).digest('hex'),
  };
}
