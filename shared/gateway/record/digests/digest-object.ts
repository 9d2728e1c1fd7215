import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { signedDigestSchema } from '../../../contracts/record/digest.ts';
import type { Digest, SignedDigest } from '../../../domain/digest.ts';
import { canonicalJson, sha256Hex } from '../../../platform/canonical.ts';
import { toJson } from '../../../platform/json-value.ts';
import { err, ok, type Result } from '../../../platform/result.ts';

/** The bytes that are signed: canonical JSON (RFC 8785), so that any reader of JSON arrives at the same ones. */
export const signedText = (digest: Digest): string => canonicalJson(toJson(digest));

/** The object: canonical as a whole, so that not one bit of it can be changed and still be read as the same. */
export const digestBytes = (signed: SignedDigest): Uint8Array =>
  new TextEncoder().encode(`${canonicalJson(toJson(signed))}\n`);

/** Reads a digest object. What is not byte for byte what `digestBytes` writes is refused. */
export function readDigest(bytes: Uint8Array): Result<SignedDigest, string> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return err('it is not JSON');
  }
  const parsed = signedDigestSchema.safeParse(json);
  if (!parsed.success) return err('it does not have the shape of a digest');
  return Buffer.from(bytes).equals(digestBytes(parsed.data)) ? ok(parsed.data) : err('its bytes are not canonical');
}

export interface VerifyingKey {
  readonly key: KeyObject;
  readonly fingerprint: string;
}

/** A public key from PEM; only the kind that signs digests. */
export function verifyingKey(pem: string): Result<VerifyingKey, string> {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return err('digests are signed with a P-256 key');
    return ok({ key, fingerprint: sha256Hex(key.export({ type: 'spki', format: 'der' })) });
  } catch {
    return err('it is not a public key in PEM (-----BEGIN PUBLIC KEY-----)');
  }
}

/** Did the holder of this key sign this digest? Base64 that decodes alike but reads otherwise does not count. */
export function isSigned(signed: SignedDigest, by: VerifyingKey): boolean {
  const signature = Buffer.from(signed.signature, 'base64');
  if (signed.key !== by.fingerprint || signature.toString('base64') !== signed.signature) return false;
  return verify('sha256', Buffer.from(signedText(signed.digest)), by.key, signature);
}
