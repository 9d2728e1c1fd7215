import { compactVerify, type CryptoKey } from 'jose';
import { err, ok, type Result } from '../platform/result.ts';
import type { Algorithm } from './algorithms.ts';
import type { CompactJws } from './compact.ts';
import type { IdentityRefusal } from './refusal.ts';

/** Verifies the signature over exactly the bytes that were parsed. Whatever goes wrong is a signature that does not verify. */
export async function verifySignature(
  jws: CompactJws,
  alg: Algorithm,
  key: CryptoKey,
): Promise<Result<null, IdentityRefusal>> {
  try {
    await compactVerify(jws.token, key, { algorithms: [alg] });
    return ok(null);
  } catch {
    return err({ kind: 'bad_signature' });
  }
}
