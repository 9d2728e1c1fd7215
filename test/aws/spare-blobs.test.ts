import { DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDynamoDb } from '../../infra/local/services/dynamodb/server.ts';
import { createSpareBlobs, readingSpare } from '../../shared/aws/spare-blobs.ts';
import type { SpareBlobs } from '../../shared/gateway/ports/spare-blobs.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { embedded, givenEndpoint, outside, type Endpoint } from '../local/endpoint.ts';
import { makeSessionsTable } from '../support/deployed.ts';
import { memoryBlobs, memorySpare } from '../support/memory-objects.ts';

const NOW = new Date('2026-11-29T10:00:00.000Z');
const MIB = 1_048_576;
const bytesOf = (length: number, seed = 7) => Uint8Array.from({ length }, (_none, at) => (at * seed) % 251);
const refOf = (bytes: Uint8Array) => ({ sha256: sha256Hex(bytes), bytes: bytes.byteLength });

interface Opened {
  readonly spare: SpareBlobs;
  close(): Promise<void>;
}

function contract(name: string, open: () => Promise<Opened>): void {
  describe(`answers set aside: ${name}`, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    test.each([1, 384_000, 384_001, 5 * MIB])('gives back %i bytes as they were', async (length) => {
      const bytes = bytesOf(length);
      expect(await opened.spare.put(bytes)).toEqual({ ok: true, value: refOf(bytes) });
      const got = await opened.spare.get(refOf(bytes));
      expect(got.ok && got.value !== undefined && Buffer.from(got.value).equals(bytes)).toBe(true);
    });

    test('has nothing for what was never set aside, and takes the same twice', async () => {
      expect(await opened.spare.get(refOf(bytesOf(10, 3)))).toEqual({ ok: true, value: undefined });
      const bytes = bytesOf(400_000, 11);
      await opened.spare.put(bytes);
      expect(await opened.spare.put(bytes)).toMatchObject({ ok: true });
      expect(await opened.spare.get(refOf(bytes))).toMatchObject({ ok: true });
    });
  });
}

contract('in memory', () => Promise.resolve({ spare: memorySpare(), close: () => Promise.resolve() }));

const over = (open: () => Promise<Endpoint>) => async () => {
  const endpoint = await open();
  const { client, name } = await makeSessionsTable(endpoint.settings);
  const table = { client: DynamoDBDocumentClient.from(client), name };
  return { spare: createSpareBlobs(table, () => NOW), table, close: () => endpoint.close() };
};
contract('embedded DynamoDB', over(embedded((stateDir) => startDynamoDb({ stateDir }))));
const given = givenEndpoint('AWS_ENDPOINT_URL_DYNAMODB');
if (given !== undefined) contract(given, over(outside(given)));

describe('the parts of an answer in the table', () => {
  let opened: Awaited<ReturnType<ReturnType<typeof over>>>;
  const bytes = bytesOf(900_000, 13);
  beforeAll(async () => {
    opened = await over(embedded((stateDir) => startDynamoDb({ stateDir })))();
    await opened.spare.put(bytes);
  });
  afterAll(() => opened.close());

  const parts = async (): Promise<Record<string, unknown>[]> => {
    const { table } = opened;
    const pk = `BLOB#${sha256Hex(bytes)}`;
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
    return (await table.client.send(new QueryCommand({ TableName: table.name, ...query }))).Items ?? [];
  };

  test('stay until they are delivered, and a day longer', async () => {
    expect((await parts()).map(({ sk, expiresAt }) => [sk, expiresAt])).toEqual([
      ['PART#000', undefined],
      ['PART#001', undefined],
      ['PART#002', undefined],
    ]);
    await opened.spare.delivered(refOf(bytes));
    const until = NOW.getTime() / 1_000 + 86_400;
    expect((await parts()).map(({ expiresAt }) => expiresAt)).toEqual([until, until, until]);
  });

  test('that do not add up to what the digest names are no answer', async () => {
    const { table, spare } = opened;
    const [, second] = await parts();
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: second?.['pk'], sk: second?.['sk'] },
        UpdateExpression: 'SET #bytes = :other',
        ExpressionAttributeNames: { '#bytes': 'bytes' },
        ExpressionAttributeValues: { ':other': bytesOf(384_000, 17) },
      }),
    );
    expect(await spare.get(refOf(bytes))).toEqual({ ok: true, value: undefined });
  });
});

test('what reads large bytes finds them in S3, else where they were set aside, else nowhere', async () => {
  const [blobs, spare] = [memoryBlobs(), memorySpare()];
  const reading = readingSpare(blobs, spare);
  const [there, aside] = [bytesOf(40_000, 19), bytesOf(40_000, 23)];
  await reading.put(there);
  await spare.put(aside);
  expect(await reading.get(refOf(there))).toEqual({ ok: true, value: there });
  expect(await reading.get(refOf(aside))).toEqual({ ok: true, value: aside });
  expect(await reading.get(refOf(bytesOf(3)))).toMatchObject({ ok: false });
});
