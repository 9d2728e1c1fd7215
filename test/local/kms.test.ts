import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListAliasesCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startKms } from '../../infra/local/services/kms/server.ts';
import type { EmbeddedService } from '../../infra/local/services/service.ts';
import { embedded, givenEndpoint, outside, settingsFor, temporaryFolder } from './endpoint.ts';
import { kmsContract } from './kms.contract.ts';

kmsContract(
  'embedded',
  embedded((stateDir) => startKms({ stateDir })),
);
const given = givenEndpoint('AWS_ENDPOINT_URL_KMS');
if (given !== undefined) kmsContract(given, outside(given));

describe('embedded KMS', () => {
  let stateDir: string;
  let service: EmbeddedService;
  let client: KMSClient;
  const start = async (): Promise<void> => {
    service = await startKms({ stateDir });
    client = new KMSClient(settingsFor(service.url));
  };
  const createKey = async (): Promise<string> => {
    const asked = new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    return (await client.send(asked)).KeyMetadata?.KeyId ?? '';
  };
  const publicKey = async (KeyId: string): Promise<Uint8Array | undefined> =>
    (await client.send(new GetPublicKeyCommand({ KeyId }))).PublicKey;

  beforeEach(async () => {
    stateDir = await temporaryFolder();
    await start();
  });
  afterEach(async () => {
    client.destroy();
    await service.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  test('keys and aliases survive a restart in a file that only its owner reads', async () => {
    const key = await createKey();
    await client.send(new CreateAliasCommand({ AliasName: 'alias/digests', TargetKeyId: key }));
    const before = await publicKey('alias/digests');
    expect((await stat(join(stateDir, 'kms', 'keys.json'))).mode & 0o777).toBe(0o600);
    await service.close();
    await start();
    expect(await publicKey(key)).toEqual(before);
    const { Aliases } = await client.send(new ListAliasesCommand({}));
    expect(Aliases?.map((one) => [one.AliasName, one.TargetKeyId])).toEqual([['alias/digests', key]]);
    expect(await publicKey(Aliases?.[0]?.AliasArn ?? '')).toEqual(before);
  });

  test('an alias stands for one key', async () => {
    const alias = { AliasName: 'alias/digests', TargetKeyId: await createKey() };
    await client.send(new CreateAliasCommand(alias));
    await expect(client.send(new CreateAliasCommand(alias))).rejects.toThrow(
      expect.objectContaining({ name: 'AlreadyExistsException' }) as Error,
    );
  });

  test.each([
    [
      'encryption',
      () => client.send(new EncryptCommand({ KeyId: 'x', Plaintext: Buffer.from('x') })),
      'UnknownOperationException',
    ],
    ['a key for encryption', () => client.send(new CreateKeyCommand({})), 'ValidationException'],
    [
      'a usage that the key has not',
      () => client.send(new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'SIGN_VERIFY' })),
      'ValidationException',
    ],
    [
      'a key policy, which would not be obeyed',
      () => client.send(new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', Policy: '{}' })),
      'ValidationException',
    ],
    [
      'an inherited name for a key',
      () =>
        client.send(
          new SignCommand({ KeyId: 'constructor', Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_256' }),
        ),
      'NotFoundException',
    ],
  ])('%s is refused', async (_, act, name) => {
    await expect(act()).rejects.toThrow(expect.objectContaining({ name }) as Error);
  });
});
