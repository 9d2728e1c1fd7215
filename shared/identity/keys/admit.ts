import { importJWK, type CryptoKey, type JWK } from 'jose';
import * as z from 'zod';
import type { JsonObject } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { KEY_TYPES, type Algorithm } from '../algorithms.ts';
import { isSoundRsa } from './rsa.ts';

/** A public key that may verify signatures. `forAlgorithm` imports it on first use, and only for what it is made for. */
export interface PublishedKey {
  readonly kid: string;
  forAlgorithm(alg: Algorithm): Promise<CryptoKey> | undefined;
}

/** Twice the largest set we know of. A lookup goes through all of them. */
const MAX_KEYS = 100;

const text = z.string().min(1).max(2_048);
const jwkSchema = z.object({
  kty: z.enum(['RSA', 'EC', 'OKP']),
  kid: z.string().regex(/^[\x20-\x7e]{1,255}$/),
  use: z.literal('sig').optional(),
  key_ops: z
    .array(z.string().max(20))
    .max(10)
    .refine((ops) => ops.includes('verify'))
    .optional(),
  alg: z.string().max(20).optional(),
  crv: z.string().max(20).optional(),
  n: text.optional(),
  e: text.optional(),
  x: text.optional(),
  y: text.optional(),
});
type AdmittedJwk = z.output<typeof jwkSchema>;

/**
 * The keys of a JWK Set (RFC 7517 section 5) that may verify. Keys for other purposes, without a `kid` or of unknown
 * type are passed over, as the standard asks. A set that holds secrets (symmetric or private keys) is refused whole:
 * what is published can sign for everybody.
 */
export function admitKeySet(set: JsonObject): Result<readonly PublishedKey[], string> {
  const parsed = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(MAX_KEYS) }).safeParse(set);
  if (!parsed.success) return err(`is not a JWK Set of at most ${MAX_KEYS} keys`);
  const { keys } = parsed.data;
  if (keys.some((key) => key.kty === 'oct' || Object.hasOwn(key, 'd') || Object.hasOwn(key, 'k'))) {
    return err('publishes secret keys; nothing it signs proves anything');
  }
  return ok(
    keys.flatMap((key) => {
      const admitted = jwkSchema.safeParse(key);
      return admitted.success && isSound(admitted.data) ? [publishedKey(admitted.data)] : [];
    }),
  );
}

function isSound(jwk: AdmittedJwk): boolean {
  return jwk.kty !== 'RSA' || (jwk.n !== undefined && jwk.e !== undefined && isSoundRsa(jwk.n, jwk.e));
}

function publishedKey(jwk: AdmittedJwk): PublishedKey {
  const imported = new Map<Algorithm, Promise<CryptoKey>>();
  return {
    kid: jwk.kid,
    forAlgorithm(alg) {
      const type = KEY_TYPES[alg];
      if (jwk.kty !== type.kty || jwk.crv !== type.crv) return undefined;
      if (jwk.alg !== undefined && !type.alg.includes(jwk.alg)) return undefined;
      const key = imported.get(alg) ?? importPublic(jwk, alg);
      imported.set(alg, key);
      return key;
    },
  };
}

async function importPublic({ kty, crv, n, e, x, y }: AdmittedJwk, alg: Algorithm): Promise<CryptoKey> {
  const members = Object.entries({ crv, n, e, x, y }).filter(([, value]) => value !== undefined);
  const jwk: JWK = { kty, ...Object.fromEntries(members) };
  const key = await importJWK(jwk, alg);
  if (key instanceof Uint8Array) throw new TypeError('a public key was imported as a secret');
  return key;
}
