import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { settingsFor, temporaryFolder } from './endpoint.ts';

interface Running {
  readonly child: ChildProcess;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly kms: KMSClient;
}

async function start(stateDir: string): Promise<Running> {
  const program = new URL('all-storage.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, stateDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const urls = JSON.parse(line) as [string, string, string, string];
  const [dynamodb, s3, secrets, kms] = urls;
  return {
    child,
    dynamodb: new DynamoDBClient(settingsFor(dynamodb)),
    s3: new S3Client(settingsFor(s3)),
    secrets: new SecretsManagerClient(settingsFor(secrets)),
    kms: new KMSClient(settingsFor(kms)),
  };
}

async function kill({ child }: Running): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const TableName = 'sessions';
const Bucket = 'archive';
const row = (id: number, half: string) => ({
  Put: { TableName, Item: { pk: { S: half }, sk: { S: String(id) }, open: { S: `open-${half}` } } },
});

test('every write that was answered before a kill -9 is there afterwards, and every transaction whole', async () => {
  const stateDir = await temporaryFolder();
  let stack = await start(stateDir);
  try {
    await stack.dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['pk', 'sk', 'open'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        GlobalSecondaryIndexes: [
          {
            IndexName: 'open',
            KeySchema: [{ AttributeName: 'open', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    await stack.s3.send(new CreateBucketCommand({ Bucket }));
    await stack.secrets.send(new CreateSecretCommand({ Name: 'orders', SecretString: 'kept' }));
    const created = await stack.kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));

    const answered = { rows: [] as string[], objects: [] as string[] };
    const writing = Array.from({ length: 40 }, async (_, id) => {
      await stack.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [row(id, 'a'), row(id, 'b')] }));
      answered.rows.push(String(id));
      await stack.s3.send(
        new PutObjectCommand({ Bucket, Key: `object-${id}`, Body: 'x'.repeat(5_000), IfNoneMatch: '*' }),
      );
      answered.objects.push(`object-${id}`);
      // Killed while writes are under way: with the tenth object, others are at every step.
      if (answered.objects.length === 10) await kill(stack);
    });
    await Promise.allSettled(writing);
    expect(answered.objects.length).toBeGreaterThanOrEqual(10);

    stack = await start(stateDir);
    const rows = async (pk: string, index?: string): Promise<(string | undefined)[]> => {
      const found = await stack.dynamodb.send(
        new QueryCommand({
          TableName,
          ...(index !== undefined && { IndexName: index }),
          KeyConditionExpression: '#k = :k',
          ExpressionAttributeNames: { '#k': index ?? 'pk' },
          ExpressionAttributeValues: { ':k': { S: index === undefined ? pk : `open-${pk}` } },
        }),
      );
      return (found.Items ?? []).map((item) => item['sk']?.S).sort();
    };
    const [a, b, indexed] = [await rows('a'), await rows('b'), await rows('a', 'open')];
    expect(a).toEqual(expect.arrayContaining(answered.rows));
    expect(b).toEqual(a);
    expect(indexed).toEqual(a);
    const objects = await stack.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(objects.Contents?.map((one) => one.Key)).toEqual(expect.arrayContaining(answered.objects));
    expect((await stack.secrets.send(new GetSecretValueCommand({ SecretId: 'orders' }))).SecretString).toBe('kept');
    await stack.kms.send(new DescribeKeyCommand({ KeyId: created.KeyMetadata?.KeyId }));
    await stack.dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: 'after' }, sk: { S: '1' } } }));
    await kill(stack);
  } finally {
    stack.child.kill('SIGKILL');
    await rm(stateDir, { recursive: true, force: true });
  }
});
