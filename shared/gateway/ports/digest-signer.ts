import type { Result } from '../../platform/result.ts';
import type { StoreFault } from './session-store.ts';

export interface PublicKey {
  /** SubjectPublicKeyInfo in PEM (RFC 7468). */
  readonly pem: string;
  /** SHA-256 of its DER. */
  readonly fingerprint: string;
}

/** Signs with a key that never leaves its keeper. */
export interface DigestSigner {
  publicKey(): Promise<Result<PublicKey, StoreFault>>;
  /** ECDSA over P-256 of a SHA-256; DER in base64. */
  sign(sha256: Uint8Array): Promise<Result<string, StoreFault>>;
}
