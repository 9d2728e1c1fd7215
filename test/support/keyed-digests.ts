import type { KeyedDigests } from '../../shared/gateway/ports/keyed-digests.ts';
import { keyedDigest } from '../../shared/platform/keyed-digest.ts';
import { ok } from '../../shared/platform/result.ts';

export const INSTALLATION_SECRET = 'a'.repeat(64);

export const memoryKeyedDigests = (secret = INSTALLATION_SECRET): KeyedDigests => {
  const keyed = keyedDigest(secret);
  return { current: () => Promise.resolve(ok(keyed)) };
};
