import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from './endpoint.ts';

const named = (name: string): Error => expect.objectContaining({ name }) as Error;

/** What the vault relies on. Runs against the embedded Secrets Manager, LocalStack's, or AWS's. */
export function secretsManagerContract(name: string, open: () => Promise<Endpoint>): void {
  describe(`Secrets Manager contract: ${name}`, () => {
    let endpoint: Endpoint;
    let client: SecretsManagerClient;
    const create = (SecretString: string, more: object = {}) => {
      const input = { Name: `contract/${randomUUID()}`, SecretString, ...more };
      return client.send(new CreateSecretCommand(input));
    };
    const value = (SecretId: string | undefined, more: object = {}) =>
      client.send(new GetSecretValueCommand({ SecretId, ...more }));

    beforeAll(async () => {
      endpoint = await open();
      client = new SecretsManagerClient(endpoint.settings);
    });
    afterAll(async () => {
      client.destroy();
      await endpoint.close();
    });

    test('a secret is found by its name, its ARN, and its ARN without the suffix', async () => {
      const { ARN = '', Name } = await create('{"password":"p"}');
      expect(ARN).toMatch(/^arn:aws:secretsmanager:[\w-]+:\d{12}:secret:contract\/.+-[A-Za-z0-9]{6}$/);
      for (const id of [Name, ARN, ARN.slice(0, -7)]) expect((await value(id)).SecretString).toBe('{"password":"p"}');
    });

    test('a new value is current and the one before it previous', async () => {
      const { ARN, VersionId } = await create('one');
      const put = await client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: 'two' }));
      await client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: 'three' }));
      expect((await value(ARN)).SecretString).toBe('three');
      expect(await value(ARN, { VersionStage: 'AWSPREVIOUS' })).toMatchObject({
        SecretString: 'two',
        VersionId: put.VersionId,
      });
      const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: ARN }));
      expect(Object.values(VersionIdsToStages).flat().sort()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
      expect(VersionIdsToStages).not.toHaveProperty(VersionId ?? '');
    });

    test('bytes come back as bytes', async () => {
      const SecretBinary = new Uint8Array([0, 255, 10, 128]);
      const { ARN } = await client.send(new CreateSecretCommand({ Name: `contract/${randomUUID()}`, SecretBinary }));
      expect(Buffer.from((await value(ARN)).SecretBinary ?? [])).toEqual(Buffer.from(SecretBinary));
    });

    test('of many creates of one name at the same time exactly one wins', async () => {
      const Name = `contract/${randomUUID()}`;
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, writer) => create(`writer ${writer}`, { Name })),
      );
      const won = outcomes.flatMap((outcome, writer) => (outcome.status === 'fulfilled' ? [writer] : []));
      expect(won).toHaveLength(1);
      expect((await value(Name)).SecretString).toBe(`writer ${won[0] ?? ''}`);
      await expect(create('later', { Name })).rejects.toThrow(named('ResourceExistsException'));
    });

    test('a write that is sent twice is made once, and its token fits no other value', async () => {
      const { ARN } = await create('one');
      const put = (SecretString: string, ClientRequestToken: string) =>
        client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString, ClientRequestToken }));
      const token = randomUUID();
      const first = await put('two', token);
      expect((await put('two', token)).VersionId).toBe(first.VersionId);
      await expect(put('other', token)).rejects.toThrow(named('ResourceExistsException'));
    });

    test('a listing names secrets and never their values', async () => {
      const { ARN } = await create('not-to-be-listed');
      const found: unknown[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(new ListSecretsCommand({ MaxResults: 2, NextToken, SortOrder: 'desc' }));
        expect(JSON.stringify(page)).not.toContain('not-to-be-listed');
        found.push(...(page.SecretList ?? []).map((one) => one.ARN));
        NextToken = page.NextToken;
      } while (NextToken !== undefined && found.length < 1_000);
      expect(found.filter((arn) => arn === ARN)).toHaveLength(1);
    });

    test.each([
      ['a secret that is not there', () => value(`not-there-${randomUUID()}`), 'ResourceNotFoundException'],
      [
        'a label that is not there',
        async () => value((await create('x')).ARN, { VersionStage: 'NONE' }),
        'ResourceNotFoundException',
      ],
      [
        'a write to nothing',
        () => client.send(new PutSecretValueCommand({ SecretId: `no-${randomUUID()}`, SecretString: 'x' })),
        'ResourceNotFoundException',
      ],
    ])('%s is refused', async (_, act, code) => {
      await expect(act()).rejects.toThrow(named(code));
    });
  });
}
