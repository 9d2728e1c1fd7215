import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, SignCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { DigestSigner, PublicKey } from '../gateway/ports/digest-signer.ts';
import type { StoreFault } from '../gateway/ports/session-store.ts';
import { sha256Hex } from '../platform/canonical.ts';
import { err, ok, type Result } from '../platform/result.ts';

/** A KMS key of spec ECC_NIST_P256. The private half never leaves KMS; the public half does not change. */
export function createDigestSigner(client: KMSClient, keyId: string): DigestSigner {
  let known: PublicKey | undefined;
  return {
    publicKey: () =>
      guarded(async () => {
        known ??= await readPublicKey(client, keyId);
        return known;
      }),
    sign: (sha256) =>
      guarded(async () => {
        const answer = await client.send(
          new SignCommand({
            KeyId: keyId,
            Message: sha256,
            // KMS hashes at most 4,096 bytes itself; a digest is longer.
            MessageType: 'DIGEST',
            SigningAlgorithm: 'ECDSA_SHA_256',
          }),
        );
        if (answer.Signature === undefined) throw new Error('KMS gave no signature');
        return Buffer.from(answer.Signature).toString('base64');
      }),
  };
}

async function readPublicKey(client: KMSClient, keyId: string): Promise<PublicKey> {
  const { PublicKey: der } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (der === undefined) throw new Error('KMS gave no public key');
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  return { pem: key.export({ type: 'spki', format: 'pem' }).toString(), fingerprint: sha256Hex(der) };
}

async function guarded<T>(work: () => Promise<T>): Promise<Result<T, StoreFault>> {
  try {
    return ok(await work());
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    return err({ code: 'record_unavailable', message });
  }
}
