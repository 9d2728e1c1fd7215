import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EmbeddedSecretsManager } from '../../infra/local/services/secrets-manager/server.ts';
import { startSecretsManager } from '../../infra/local/services/secrets-manager/server.ts';
import { embedded, givenEndpoint, outside, settingsFor, temporaryFolder } from './endpoint.ts';
import { rawPost } from './raw-http.ts';
import { secretsManagerContract } from './secrets-manager.contract.ts';

secretsManagerContract(
  'embedded',
  embedded((stateDir) => startSecretsManager({ stateDir })),
);
const given = givenEndpoint('AWS_ENDPOINT_URL_SECRETS_MANAGER');
if (given !== undefined) secretsManagerContract(given, outside(given));

describe('embedded Secrets Manager', () => {
  let stateDir: string;
  let service: EmbeddedSecretsManager;
  let client: SecretsManagerClient;
  const file = (): string => join(stateDir, 'secrets-manager', 'secrets.json');
  const start = async (): Promise<void> => {
    service = await startSecretsManager({ stateDir });
    client = new SecretsManagerClient(settingsFor(service.url));
  };
  const value = async (SecretId: string): Promise<string | undefined> =>
    (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;

  beforeEach(async () => {
    stateDir = await temporaryFolder();
    await start();
  });
  afterEach(async () => {
    client.destroy();
    await service.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  test('secrets survive a restart in a file that only its owner reads', async () => {
    await client.send(new CreateSecretCommand({ Name: 'orders', SecretString: 'one' }));
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    await service.close();
    await start();
    expect(await value('orders')).toBe('one');
  });

  test('a secret of a template is made of random letters and digits, once', async () => {
    const arn = (name: string): string => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}`;
    for (const name of ['Installation', 'Other', 'Installation']) service.ensureSecret(arn(name), 64);
    const [made, other] = [await value(arn('Installation')), await value(arn('Other'))];
    expect(made).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(other).not.toBe(made);
    await service.close();
    await start();
    service.ensureSecret(arn('Installation'), 64);
    expect(await value(arn('Installation'))).toBe(made);
  });

  test('a damaged file stops the start instead of losing secrets', async () => {
    await client.send(new CreateSecretCommand({ Name: 'orders', SecretString: 'one' }));
    const whole = await readFile(file());
    await writeFile(file(), whole.subarray(0, whole.length / 2));
    await expect(startSecretsManager({ stateDir })).rejects.toThrow('is damaged');
  });

  test('an imported secret stands under the ARN of the configuration, and follows its value', async () => {
    const one = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/reader-AbC123';
    const other = 'arn:aws:secretsmanager:eu-west-1:444455556666:secret:orders/reader-XyZ789';
    service.importSecret(one, 'first');
    service.importSecret(one, 'second');
    service.importSecret(one, 'second');
    service.importSecret(other, 'another account');
    expect(await value(one)).toBe('second');
    expect(await value('orders/reader')).toBe('second');
    expect(await value(other)).toBe('another account');
    expect(() => {
      service.importSecret('orders', 'x');
    }).toThrow('is not the ARN of a secret');
  });

  test.each([
    ['a deletion', () => client.send(new DeleteSecretCommand({ SecretId: 'x' })), 'UnknownOperationException'],
    [
      'a filter',
      () => client.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['x'] }] })),
      'InvalidParameterException',
    ],
    [
      'a value above 64 KiB',
      () => client.send(new CreateSecretCommand({ Name: 'big', SecretString: 'x'.repeat(65_537) })),
      'InvalidParameterException',
    ],
    [
      'a name with a space',
      () => client.send(new CreateSecretCommand({ Name: 'a b', SecretString: 'x' })),
      'InvalidParameterException',
    ],
    [
      'two values',
      () => client.send(new CreateSecretCommand({ Name: 'two', SecretString: 'x', SecretBinary: new Uint8Array([1]) })),
      'InvalidParameterException',
    ],
  ])('%s is refused', async (_, act, name) => {
    await expect(act()).rejects.toThrow(expect.objectContaining({ name }) as Error);
  });

  test('a refusal does not repeat the value', async () => {
    const body = JSON.stringify({ Name: 'a b', SecretString: 'hunter2', SecretBinary: 'not base64 hunter2' });
    const headers = { authorization: 'AWS4-HMAC-SHA256 x', 'x-amz-target': 'secretsmanager.CreateSecret' };
    const answer = await rawPost(service.url, body, headers);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('hunter2');
  });
});
