import type { KeyedDigest } from '../../platform/keyed-digest.ts';
import type { Result } from '../../platform/result.ts';
import type { SecretFault } from './secrets.ts';

/** Keyed digests of this installation. Its secret is made once, with the stack, and never leaves the functions that use it. */
export interface KeyedDigests {
  current(): Promise<Result<KeyedDigest, SecretFault>>;
}
