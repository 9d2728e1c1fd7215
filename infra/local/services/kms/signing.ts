import type { KeyObject } from 'node:crypto';
import { constants, createPrivateKey, createPublicKey, privateEncrypt, publicDecrypt, sign, verify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import type { Key } from './model.ts';

export interface Signing {
  readonly key: Key;
  readonly algorithm: string;
  readonly message: Buffer;
  /** DIGEST: `message` is the hash already, and must not be hashed again. */
  readonly messageType: 'RAW' | 'DIGEST';
}

const digestBytes: Readonly<Record<string, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** The DER that says which hash follows, in a PKCS #1 v1.5 signature (RFC 8017, 9.2, note 1). */
const digestInfo: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** ECDSA signatures are DER (ANSI X9.62), as KMS gives them. */
export function makeSignature(signing: Signing): Result<Buffer, string> {
  const { key, message, hash } = read(signing);
  if (signing.messageType === 'RAW') return ok(sign(hash, message, { key, ...padding(signing.algorithm) }));
  const refused = refusedDigest(signing, hash);
  if (refused !== undefined) return err(refused);
  if (signing.key.spec === 'ECC_NIST_P256') return ok(Buffer.from(p256.sign(message, scalar(key), rawDigest)));
  return ok(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, withDigestInfo(hash, message)));
}

export function checkSignature(signing: Signing, signature: Buffer): Result<boolean, string> {
  const { key, message, hash } = read(signing);
  if (signing.messageType === 'RAW')
    return ok(verify(hash, message, { key: createPublicKey(key), ...padding(signing.algorithm) }, signature));
  const refused = refusedDigest(signing, hash);
  if (refused !== undefined) return err(refused);
  try {
    if (signing.key.spec === 'ECC_NIST_P256')
      return ok(p256.verify(signature, message, p256.getPublicKey(scalar(key)), rawDigest));
    const opened = publicDecrypt({ key: createPublicKey(key), padding: constants.RSA_PKCS1_PADDING }, signature);
    return ok(opened.equals(withDigestInfo(hash, message)));
  } catch {
    // Not even the shape of a signature: it does not verify.
    return ok(false);
  }
}

/** SubjectPublicKeyInfo (RFC 5280) in DER, as GetPublicKey gives it. */
export const publicKeyOf = (key: Key): Buffer => createPublicKey(key.material).export({ type: 'spki', format: 'der' });

/** node:crypto cannot sign a hash with ECDSA without hashing it again. High S values are as valid as low ones (FIPS 186). */
const rawDigest = { prehash: false, lowS: false, format: 'der' } as const;

function read(signing: Signing): { key: KeyObject; message: Buffer; hash: string } {
  const bits = signing.algorithm.slice(-3);
  return { key: createPrivateKey(signing.key.material), message: signing.message, hash: `sha${bits}` };
}

/** KMS salts PSS with as many bytes as the digest has. */
function padding(algorithm: string): { padding?: number; saltLength?: number } {
  return algorithm.startsWith('RSASSA_PSS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
}

function refusedDigest(signing: Signing, hash: string): string | undefined {
  const length = digestBytes[hash];
  if (signing.message.length !== length) return `Digest is invalid length for algorithm ${signing.algorithm}.`;
  if (!signing.algorithm.startsWith('RSASSA_PSS')) return undefined;
  return 'embedded KMS does not sign digests with RSASSA_PSS; send MessageType RAW, or use PKCS1_V1_5 or ECDSA';
}

const withDigestInfo = (hash: string, digest: Buffer): Buffer =>
  Buffer.concat([Buffer.from(digestInfo[hash] ?? '', 'hex'), digest]);

const scalar = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
