import { rm } from 'node:fs/promises';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangeRecord } from '../../infra/local/services/dynamodb/change-record.ts';
import type { EmbeddedDynamoDb } from '../../infra/local/services/dynamodb/server.ts';
import { startDynamoDb } from '../../infra/local/services/dynamodb/server.ts';
import { dynamoDbContract } from './dynamodb.contract.ts';
import { embedded, givenEndpoint, outside, settingsFor, temporaryFolder } from './endpoint.ts';
import { rawPost } from './raw-http.ts';

dynamoDbContract(
  'embedded',
  embedded((stateDir) => startDynamoDb({ stateDir })),
);
const given = givenEndpoint('AWS_ENDPOINT_URL_DYNAMODB');
if (given !== undefined) dynamoDbContract(given, outside(given));

const TableName = 'sessions';
const item = (
  id: string,
  more: Record<string, { S: string } | { N: string }> = {},
): Record<string, { S: string } | { N: string }> => ({
  pk: { S: id },
  ...more,
});

describe('embedded DynamoDB', () => {
  let stateDir: string;
  let service: EmbeddedDynamoDb;
  let client: DynamoDBClient;
  let now: Date;

  const start = async (): Promise<void> => {
    service = await startDynamoDb({ stateDir, clock: () => now });
    client = new DynamoDBClient(settingsFor(service.url));
  };
  const restart = async (): Promise<void> => {
    await service.close();
    await start();
  };
  const createTable = (more: Partial<CreateTableCommand['input']> = {}): Promise<unknown> =>
    client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        ...more,
      }),
    );
  const put = (id: string, more?: Parameters<typeof item>[1]): Promise<unknown> =>
    client.send(new PutItemCommand({ TableName, Item: item(id, more) }));
  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(service.url, {
      method: 'POST',
      body,
      headers: { authorization: 'AWS4-HMAC-SHA256 x', 'x-amz-target': 'DynamoDB_20120810.ListTables', ...headers },
    });

  beforeEach(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    now = new Date('2026-11-21T06:00:00Z');
    stateDir = await temporaryFolder();
    await start();
  });
  afterEach(async () => {
    client.destroy();
    await service.close();
    await rm(stateDir, { recursive: true, force: true });
    vi.restoreAllMocks();
  });

  test('what was answered is still there after a restart', async () => {
    await createTable();
    await put('one', { n: { N: '1' } });
    await restart();
    const got = await client.send(new GetItemCommand({ TableName, Key: item('one') }));
    expect(got.Item).toEqual(item('one', { n: { N: '1' } }));
  });

  test('a second copy on the same state is a clear error', async () => {
    await expect(startDynamoDb({ stateDir })).rejects.toThrow('another copy');
  });

  test('every change is told with its images, in the order of the writes; what changed nothing is not', async () => {
    await createTable();
    const heard: ChangeRecord[] = [];
    service.onChange(TableName, (record) => void heard.push(record));
    await put('one', { n: { N: '1' } });
    await put('one', { n: { N: '1' } });
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: item('one'),
        UpdateExpression: 'SET n = :n',
        ExpressionAttributeValues: { ':n': { N: '2' } },
      }),
    );
    await client.send(new DeleteItemCommand({ TableName, Key: item('one') }));
    await client.send(new DeleteItemCommand({ TableName, Key: item('one') }));
    await expect.poll(() => heard.length).toBe(3);
    const images = heard.map(({ eventName, dynamodb }) => [
      eventName,
      dynamodb.OldImage?.['n'],
      dynamodb.NewImage?.['n'],
    ]);
    expect(images).toEqual([
      ['INSERT', undefined, { N: '1' }],
      ['MODIFY', { N: '1' }, { N: '2' }],
      ['REMOVE', { N: '2' }, undefined],
    ]);
    const numbers = heard.map((record) => record.dynamodb.SequenceNumber);
    expect(numbers).toEqual([...numbers].sort());
    expect(heard.map((record) => record.dynamodb.Keys)).toEqual([item('one'), item('one'), item('one')]);
  });

  test.each([
    ['KEYS_ONLY', [undefined, undefined]],
    ['NEW_IMAGE', [undefined, 'new']],
    ['OLD_IMAGE', ['old', undefined]],
    ['NEW_AND_OLD_IMAGES', ['old', 'new']],
  ] as const)('a %s stream tells what it says', async (StreamViewType, expected) => {
    await createTable({ StreamSpecification: { StreamEnabled: true, StreamViewType } });
    await put('one', { v: { S: 'old' } });
    await put('one', { v: { S: 'new' } });
    const heard: ChangeRecord[] = [];
    service.onChange(TableName, (record) => void heard.push(record));
    await expect.poll(() => heard.length).toBe(2);
    const { OldImage, NewImage } = heard[1]?.dynamodb ?? {};
    expect([OldImage?.['v'], NewImage?.['v']]).toEqual(expected.map((S) => (S === undefined ? S : { S })));
  });

  test('a change that nobody has heard of yet is told after a restart', async () => {
    await createTable();
    await put('one');
    await restart();
    const heard: string[] = [];
    service.onChange(TableName, (record) => void heard.push(record.eventName));
    await expect.poll(() => heard).toEqual(['INSERT']);
  });

  test('a listener that rejects is asked again, and its item keeps its order', async () => {
    await createTable();
    const taken: unknown[] = [];
    let refusals = 2;
    service.onChange(TableName, (record) => {
      if (refusals > 0) throw new Error(`refused ${(refusals -= 1)}`);
      taken.push(record.dynamodb.NewImage?.['n']);
    });
    for (const n of ['1', '2', '3']) await put('one', { n: { N: n } });
    await expect.poll(() => taken, { timeout: 5_000 }).toEqual([{ N: '1' }, { N: '2' }, { N: '3' }]);
  });

  test('a record that nobody takes is dropped after 24 hours, and the next one is told', async () => {
    await createTable();
    await put('one', { n: { N: '1' } });
    now = new Date('2026-11-22T06:00:01Z');
    await put('one', { n: { N: '2' } });
    const heard: unknown[] = [];
    service.onChange(TableName, (record) => {
      const n = record.dynamodb.NewImage?.['n'];
      if (JSON.stringify(n) === '{"N":"1"}') throw new Error('never');
      heard.push(n);
    });
    await expect.poll(() => heard).toEqual([{ N: '2' }]);
  });

  test('all changes of a transaction are told, and none of a refused one', async () => {
    await createTable();
    const heard: unknown[] = [];
    service.onChange(TableName, (record) => void heard.push(record.dynamodb.Keys['pk']));
    const both = (first: string, second: string): Promise<unknown> =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [first, second].map((id) => ({
            Put: { TableName, Item: item(id), ConditionExpression: 'attribute_not_exists(pk)' },
          })),
        }),
      );
    await both('a', 'b');
    await expect(both('c', 'a')).rejects.toThrow('ConditionalCheckFailed');
    await put('last');
    await expect.poll(() => heard.length).toBe(3);
    expect(heard).toEqual(expect.arrayContaining([{ S: 'a' }, { S: 'b' }, { S: 'last' }]));
  });

  test('the sweep removes what has expired, tells it as the service, and leaves the rest', async () => {
    await createTable();
    const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const seconds = now.getTime() / 1000;
    await put('gone', { expiresAt: { N: String(seconds - 1) } });
    await put('later', { expiresAt: { N: String(seconds + 60) } });
    await put('ancient', { expiresAt: { N: '1' } });
    await put('text', { expiresAt: { S: '1' } });
    await put('never');
    await restart();
    expect(await service.sweep()).toBe(1);
    const left = await client.send(new ScanCommand({ TableName }));
    expect(left.Items?.map((row) => row['pk']?.S).sort()).toEqual(['ancient', 'later', 'never', 'text']);
    const heard: ChangeRecord[] = [];
    service.onChange(TableName, (record) => void heard.push(record));
    await expect.poll(() => heard.filter((record) => record.eventName === 'REMOVE')).toHaveLength(1);
    expect(heard.find((record) => record.eventName === 'REMOVE')?.userIdentity?.principalId).toBe(
      'dynamodb.amazonaws.com',
    );
  });

  test('a protected table is not deleted', async () => {
    await createTable({ DeletionProtectionEnabled: true });
    await expect(client.send(new DeleteTableCommand({ TableName }))).rejects.toThrow('protected against deletion');
  });

  test('a deleted table can be made again, empty, without old changes', async () => {
    await createTable();
    await put('old');
    await client.send(new DeleteTableCommand({ TableName }));
    await createTable();
    await put('new');
    const heard: unknown[] = [];
    service.onChange(TableName, (record) => void heard.push(record.dynamodb.Keys['pk']));
    await expect.poll(() => heard).toEqual([{ S: 'new' }]);
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(1);
  });

  test('a member it does not implement is refused by name instead of ignored', async () => {
    await expect(createTable({ SSESpecification: { Enabled: true } })).rejects.toThrow('CreateTable.SSESpecification');
  });

  test.each([
    ['no signature', '{}', { authorization: '' }, 400, 'MissingAuthenticationTokenException'],
    [
      'a page of another site, by a rebound name',
      '{}',
      { host: 'evil.example' },
      400,
      'MissingAuthenticationTokenException',
    ],
    [
      'an operation it lacks',
      '{}',
      { 'x-amz-target': 'DynamoDB_20120810.ExecuteStatement' },
      400,
      'UnknownOperationException',
    ],
    ['an inherited name', '{}', { 'x-amz-target': 'DynamoDB_20120810.constructor' }, 400, 'UnknownOperationException'],
    ['another service', '{}', { 'x-amz-target': 'TrentService.Sign' }, 400, 'UnknownOperationException'],
    ['no JSON', '{', {}, 400, 'SerializationException'],
    ['a list', '[]', {}, 400, 'SerializationException'],
    ['a prototype', '{"a":{"__proto__":{"x":1}}}', {}, 400, 'SerializationException'],
    ['endless nesting', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, {}, 400, 'SerializationException'],
    ['17 MiB', ' '.repeat(17 * 1024 * 1024), {}, 413, 'RequestEntityTooLarge'],
  ])('%s is refused with AWS’s error shape', async (_, body, headers, status, code) => {
    const response = await rawPost(service.url, body, {
      authorization: 'AWS4-HMAC-SHA256 x',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      ...headers,
    });
    expect(response.status).toBe(status);
    expect(JSON.parse(response.body)).toMatchObject({ __type: expect.stringMatching(`#${code}$`) as string });
    expect((await post('{}')).status).toBe(200);
  });
});
