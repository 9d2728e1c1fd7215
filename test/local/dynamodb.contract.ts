import { randomUUID } from 'node:crypto';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from './endpoint.ts';

const S = (value: string): { S: string } => ({ S: value });
const N = (value: number): { N: string } => ({ N: String(value) });

/** What the gateway's store relies on. Runs against the embedded DynamoDB, LocalStack's, or AWS's. */
export function dynamoDbContract(name: string, open: () => Promise<Endpoint>): void {
  describe(`DynamoDB contract: ${name}`, () => {
    const TableName = `contract-${randomUUID()}`;
    let endpoint: Endpoint;
    let client: DynamoDBClient;
    let counter = 0;
    const key = (): { pk: { S: string }; sk: { S: string } } => ({
      pk: S(`session#${(counter += 1)}`),
      sk: S('session'),
    });
    const read = async (Key: ReturnType<typeof key>): Promise<unknown> =>
      (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;

    beforeAll(async () => {
      endpoint = await open();
      client = new DynamoDBClient(endpoint.settings);
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          AttributeDefinitions: ['pk', 'sk', 'open', 'due'].map((AttributeName) => ({
            AttributeName,
            AttributeType: 'S',
          })),
          GlobalSecondaryIndexes: [
            {
              IndexName: 'open',
              KeySchema: [
                { AttributeName: 'open', KeyType: 'HASH' },
                { AttributeName: 'due', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        }),
      );
      await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
    });
    afterAll(async () => {
      await client.send(new DeleteTableCommand({ TableName }));
      client.destroy();
      await endpoint.close();
    });

    test('a table says that it is active, streamed, and which indexes it has', async () => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      expect(Table).toMatchObject({ TableStatus: 'ACTIVE', StreamSpecification: { StreamEnabled: true } });
      expect(Table?.LatestStreamArn).toMatch(/^arn:aws:dynamodb:[^:]+:\d{12}:table\/.+\/stream\/.+/);
      expect(Table?.GlobalSecondaryIndexes?.map((index) => [index.IndexName, index.IndexStatus])).toEqual([
        ['open', 'ACTIVE'],
      ]);
    });

    test('of many creates of one item at the same time exactly one wins', async () => {
      const item = key();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, (_, writer) =>
          client.send(
            new PutItemCommand({
              TableName,
              Item: { ...item, writer: N(writer) },
              ConditionExpression: 'attribute_not_exists(pk)',
            }),
          ),
        ),
      );
      const won = outcomes.flatMap((outcome, writer) => (outcome.status === 'fulfilled' ? [writer] : []));
      expect(won).toHaveLength(1);
      expect(await read(item)).toEqual({ ...item, writer: N(won[0] ?? -1) });
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ConditionalCheckFailedException);
    });

    test('of many transitions from one state exactly one is made, and counters lose no step', async () => {
      const Key = key();
      await client.send(new PutItemCommand({ TableName, Item: { ...Key, status: S('pending'), votes: N(0) } }));
      const transition = (to: string): Promise<unknown> =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: 'SET #s = :to',
            ConditionExpression: '#s = :from',
            ExpressionAttributeNames: { '#s': 'status' },
            ExpressionAttributeValues: { ':to': S(to), ':from': S('pending') },
          }),
        );
      const add = (): Promise<unknown> =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: 'ADD votes :one',
            ExpressionAttributeValues: { ':one': N(1) },
          }),
        );
      const moves = await Promise.allSettled(['a', 'b', 'c', 'd', 'e', 'f'].map((to) => transition(to)));
      await Promise.all(Array.from({ length: 10 }, add));
      expect(moves.filter((move) => move.status === 'fulfilled')).toHaveLength(1);
      expect(await read(Key)).toMatchObject({ votes: N(10) });
    });

    test.each([
      ['PutItem', (Key: ReturnType<typeof key>) => new PutItemCommand({ TableName, Item: Key, ...onlyNew })],
      ['DeleteItem', (Key: ReturnType<typeof key>) => new DeleteItemCommand({ TableName, Key, ...onlyNew })],
      ['UpdateItem', (Key: ReturnType<typeof key>) => new UpdateItemCommand({ TableName, Key, ...onlyNew })],
    ])('%s gives back the item that its condition failed on, when asked', async (_, command) => {
      const Key = key();
      const Item = { ...Key, nonce: S('mine'), list: { L: [N(1), { NULL: true as const }] } };
      await client.send(new PutItemCommand({ TableName, Item }));
      const refused: unknown = await client.send(command(Key) as PutItemCommand).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ConditionalCheckFailedException);
      expect((refused as ConditionalCheckFailedException).Item).toEqual(Item);
      expect(await read(Key)).toEqual(Item);
    });

    test('a failed condition gives no item when it was not asked for', async () => {
      const Key = key();
      await client.send(new PutItemCommand({ TableName, Item: Key }));
      const put = new PutItemCommand({ TableName, Item: Key, ConditionExpression: 'attribute_not_exists(pk)' });
      const refused: unknown = await client.send(put).catch((error: unknown) => error);
      expect((refused as ConditionalCheckFailedException).Item).toBeUndefined();
    });

    test('a sparse index holds an item only while it has the index key', async () => {
      const Key = key();
      const find = async (): Promise<unknown[] | undefined> =>
        (
          await client.send(
            new QueryCommand({
              TableName,
              IndexName: 'open',
              KeyConditionExpression: '#o = :o AND due > :d',
              ExpressionAttributeNames: { '#o': 'open' },
              ExpressionAttributeValues: { ':o': Key.pk, ':d': S('2026') },
            }),
          )
        ).Items;
      await client.send(
        new PutItemCommand({ TableName, Item: { ...Key, open: Key.pk, due: S('2026-11-21'), more: S('x') } }),
      );
      await expect.poll(find).toEqual([{ ...Key, open: Key.pk, due: S('2026-11-21') }]);
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'REMOVE #o',
          ExpressionAttributeNames: { '#o': 'open' },
        }),
      );
      await expect.poll(find).toEqual([]);
    });

    test('a transaction is made whole', async () => {
      const [one, two, three] = [key(), key(), key()];
      await client.send(new PutItemCommand({ TableName, Item: { ...two, n: N(1) } }));
      await client.send(new PutItemCommand({ TableName, Item: three }));
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: one, ConditionExpression: 'attribute_not_exists(pk)' } },
            {
              Update: {
                TableName,
                Key: two,
                UpdateExpression: 'ADD n :one',
                ExpressionAttributeValues: { ':one': N(1) },
              },
            },
            { Delete: { TableName, Key: three } },
          ],
        }),
      );
      const got = await client.send(
        new TransactGetItemsCommand({ TransactItems: [one, two, three].map((Key) => ({ Get: { TableName, Key } })) }),
      );
      expect(got.Responses?.map((response) => response.Item)).toEqual([one, { ...two, n: N(2) }, undefined]);
    });

    test('a transaction with one failed condition changes nothing and says which', async () => {
      const [one, two, three] = [key(), key(), key()];
      await client.send(new PutItemCommand({ TableName, Item: { ...two, n: N(1) } }));
      const refused: unknown = await client
        .send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName, Item: one } },
              { ConditionCheck: { TableName, Key: two, ...onlyNew } },
              { Put: { TableName, Item: three } },
            ],
          }),
        )
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(TransactionCanceledException);
      expect((refused as TransactionCanceledException).CancellationReasons).toMatchObject([
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { ...two, n: N(1) } },
        { Code: 'None' },
      ]);
      expect([await read(one), await read(three)]).toEqual([undefined, undefined]);
      expect(await read(two)).toEqual({ ...two, n: N(1) });
    });

    test('a condition check that holds lets the rest happen and leaves its own item as it is', async () => {
      const [checked, made] = [key(), key()];
      await client.send(new PutItemCommand({ TableName, Item: { ...checked, n: N(1) } }));
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { ConditionCheck: { TableName, Key: checked, ConditionExpression: 'attribute_exists(pk)' } },
            { Put: { TableName, Item: made } },
          ],
        }),
      );
      expect([await read(checked), await read(made)]).toEqual([{ ...checked, n: N(1) }, made]);
    });

    test('a transaction that is sent twice with one token is made once, and the token fits no other', async () => {
      const Key = key();
      const send = (step: number, ClientRequestToken: string): Promise<unknown> =>
        client.send(
          new TransactWriteItemsCommand({
            ClientRequestToken,
            TransactItems: [
              {
                Update: { TableName, Key, UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': N(step) } },
              },
            ],
          }),
        );
      const token = randomUUID();
      await send(1, token);
      await send(1, token);
      expect(await read(Key)).toEqual({ ...Key, n: N(1) });
      await expect(send(2, token)).rejects.toThrow(
        expect.objectContaining({ name: 'IdempotentParameterMismatchException' }),
      );
    });

    test('one item twice in a transaction is refused', async () => {
      const Item = key();
      const TransactItems = [{ Put: { TableName, Item } }, { Delete: { TableName, Key: Item } }];
      await expect(client.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toThrow(
        expect.objectContaining({ name: 'ValidationException' }),
      );
      expect(await read(Item)).toBeUndefined();
    });

    test('a batch write puts and deletes', async () => {
      const [one, two] = [key(), key()];
      await client.send(new PutItemCommand({ TableName, Item: two }));
      const RequestItems = { [TableName]: [{ PutRequest: { Item: one } }, { DeleteRequest: { Key: two } }] };
      await client.send(new BatchWriteItemCommand({ RequestItems }));
      expect([await read(one), await read(two)]).toEqual([one, undefined]);
    });

    test('expiry can be switched on and is described', async () => {
      const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
      await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
      expect(TimeToLiveDescription?.AttributeName).toBe('expiresAt');
      expect(TimeToLiveDescription?.TimeToLiveStatus).toMatch(/^ENABL(ED|ING)$/);
    });

    test.each([
      ['an item above 400 KB', { pk: S('big'), sk: S('big'), body: S('x'.repeat(410_000)) }, 'ValidationException'],
      ['an item without its sort key', { pk: S('half') }, 'ValidationException'],
      ['a key of another type', { pk: N(1), sk: S('a') }, 'ValidationException'],
      ['an empty key', { pk: S(''), sk: S('a') }, 'ValidationException'],
    ])('%s is refused', async (_, Item, expected) => {
      await expect(client.send(new PutItemCommand({ TableName, Item }))).rejects.toThrow(
        expect.objectContaining({ name: expected }),
      );
    });

    test('a table that is not there is named as not found', async () => {
      await expect(client.send(new PutItemCommand({ TableName: 'not-there', Item: key() }))).rejects.toThrow(
        expect.objectContaining({ name: 'ResourceNotFoundException' }),
      );
    });
  });
}

const onlyNew = {
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
} as const;
