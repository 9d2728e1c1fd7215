import type { Issuer } from '../contracts/config/issuer.ts';
import type { JsonValue } from '../platform/json-value.ts';

/** Signature algorithms that configuration can allow: public-key ones, each with one type of key (RFC 7518, 8037). */
export type Algorithm = Issuer['algorithms'][number];

interface KeyType {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly crv?: 'P-256' | 'Ed25519';
  /** `alg` values of a published key that fit; RFC 9864 renamed EdDSA over Ed25519. */
  readonly alg: readonly string[];
}

export const KEY_TYPES: Readonly<Record<Algorithm, KeyType>> = {
  RS256: { kty: 'RSA', alg: ['RS256'] },
  PS256: { kty: 'RSA', alg: ['PS256'] },
  ES256: { kty: 'EC', crv: 'P-256', alg: ['ES256'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', alg: ['EdDSA', 'Ed25519'] },
};

export function isAlgorithm(value: JsonValue | undefined): value is Algorithm {
  return typeof value === 'string' && Object.hasOwn(KEY_TYPES, value);
}
