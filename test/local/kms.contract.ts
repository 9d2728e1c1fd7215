import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import type { KeySpec, KeyUsageType, MessageType, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from './endpoint.ts';

const named = (name: string): Error => expect.objectContaining({ name }) as Error;

/** What signed digests will rely on. Runs against the embedded KMS, LocalStack's, or AWS's. */
export function kmsContract(name: string, open: () => Promise<Endpoint>): void {
  describe(`KMS contract: ${name}`, () => {
    let endpoint: Endpoint;
    let client: KMSClient;
    const keys = new Map<string, string>();
    const createKey = async (spec: KeySpec, usage: KeyUsageType): Promise<string> => {
      const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: usage }));
      return KeyMetadata?.Arn ?? '';
    };
    const key = (spec: string): string => keys.get(spec) ?? '';

    beforeAll(async () => {
      endpoint = await open();
      client = new KMSClient(endpoint.settings);
      for (const spec of ['ECC_NIST_P256', 'RSA_2048'] as const) keys.set(spec, await createKey(spec, 'SIGN_VERIFY'));
      keys.set('HMAC_256', await createKey('HMAC_256', 'GENERATE_VERIFY_MAC'));
    });
    afterAll(async () => {
      client.destroy();
      await endpoint.close();
    });

    test('a key is described by id and by ARN', async () => {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key('ECC_NIST_P256') }));
      expect(KeyMetadata).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', KeyState: 'Enabled' });
      const byId = await client.send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId }));
      expect(byId.KeyMetadata?.Arn).toBe(key('ECC_NIST_P256'));
    });

    const cases: [string, SigningAlgorithmSpec, MessageType][] = [
      ['ECC_NIST_P256', 'ECDSA_SHA_256', 'RAW'],
      ['ECC_NIST_P256', 'ECDSA_SHA_256', 'DIGEST'],
      ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'RAW'],
      ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'DIGEST'],
      ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384', 'DIGEST'],
      ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512', 'DIGEST'],
      ['RSA_2048', 'RSASSA_PSS_SHA_256', 'RAW'],
      ['RSA_2048', 'RSASSA_PSS_SHA_512', 'RAW'],
    ];
    test.each(cases)('%s signs with %s over %s, and KMS verifies it', async (spec, SigningAlgorithm, MessageType) => {
      const content = randomBytes(100);
      const hash = `sha${SigningAlgorithm.slice(-3)}`;
      const Message = MessageType === 'RAW' ? content : createHash(hash).update(content).digest();
      const request = { KeyId: key(spec), Message, MessageType, SigningAlgorithm };
      const { Signature } = await client.send(new SignCommand(request));
      const { SignatureValid } = await client.send(new VerifyCommand({ ...request, Signature }));
      expect(SignatureValid).toBe(true);
      const damaged = Buffer.from(Signature ?? []);
      damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
      for (const wrong of [damaged, Buffer.from('no signature')])
        await expect(client.send(new VerifyCommand({ ...request, Signature: wrong }))).rejects.toThrow(
          named('KMSInvalidSignatureException'),
        );
      const other = { ...request, Message: Buffer.from(Message).reverse(), Signature };
      await expect(client.send(new VerifyCommand(other))).rejects.toThrow(named('KMSInvalidSignatureException'));
    });

    test.each(['RAW', 'DIGEST'] as const)(
      'a signature over %s verifies offline with the public key alone',
      async (MessageType) => {
        const content = Buffer.from('an hour of the archive');
        const Message = MessageType === 'RAW' ? content : createHash('sha256').update(content).digest();
        const asked = { KeyId: key('ECC_NIST_P256'), Message, MessageType, SigningAlgorithm: 'ECDSA_SHA_256' as const };
        const { Signature = new Uint8Array() } = await client.send(new SignCommand(asked));
        const { PublicKey = new Uint8Array() } = await client.send(new GetPublicKeyCommand({ KeyId: asked.KeyId }));
        const publicKey = createPublicKey({ key: Buffer.from(PublicKey), type: 'spki', format: 'der' });
        expect(verify('sha256', content, publicKey, Signature)).toBe(true);
      },
    );

    test('a MAC verifies, and another message does not', async () => {
      const asked = { KeyId: key('HMAC_256'), Message: Buffer.from('one'), MacAlgorithm: 'HMAC_SHA_256' as const };
      const { Mac } = await client.send(new GenerateMacCommand(asked));
      expect(Mac).toHaveLength(32);
      expect((await client.send(new VerifyMacCommand({ ...asked, Mac }))).MacValid).toBe(true);
      const other = new VerifyMacCommand({ ...asked, Message: Buffer.from('two'), Mac });
      await expect(client.send(other)).rejects.toThrow(named('KMSInvalidMacException'));
    });

    const ecdsa = { SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    test.each([
      [
        'a key that is not there',
        () => ({ KeyId: '00000000-0000-4000-8000-000000000000', Message: Buffer.from('x'), ...ecdsa }),
        'NotFoundException',
      ],
      [
        'an algorithm of another key',
        () => ({ KeyId: key('RSA_2048'), Message: Buffer.from('x'), ...ecdsa }),
        'InvalidKeyUsageException',
      ],
      [
        'a MAC key that should sign',
        () => ({ KeyId: key('HMAC_256'), Message: Buffer.from('x'), ...ecdsa }),
        'InvalidKeyUsageException',
      ],
      [
        'more than 4,096 bytes',
        () => ({ KeyId: key('ECC_NIST_P256'), Message: Buffer.alloc(4_097), ...ecdsa }),
        'ValidationException',
      ],
      [
        'a digest of another length',
        () => ({ KeyId: key('ECC_NIST_P256'), Message: Buffer.alloc(20), MessageType: 'DIGEST' as const, ...ecdsa }),
        'ValidationException',
      ],
    ])('%s is refused', async (_, asked, code) => {
      await expect(client.send(new SignCommand(asked()))).rejects.toThrow(named(code));
    });
  });
}
