import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { BlobRef } from '../domain/event.ts';
import type { BlobStore } from '../gateway/ports/blob-store.ts';
import type { SpareBlobs } from '../gateway/ports/spare-blobs.ts';
import type { Clock } from '../platform/clock.ts';
import { sha256Hex } from '../platform/canonical.ts';
import { err, ok } from '../platform/result.ts';
import { timeToLive } from './controls/keys.ts';
import { guarded } from './session-store/errors.ts';
import type { Table } from './session-store/write.ts';

/** An item holds 400 KB, its keys and names among them (DynamoDB quotas). */
const PART_BYTES = 384_000;
/** A response of Lambda holds 6 MB, and no answer is larger: what has more parts is not one of ours. */
const MAX_PARTS = 16;
/** How long parts stay after S3 has them: whoever read the record just before still finds them. */
const DELIVERED_DAYS = 1;

const keyOf = (sha256: string, part: number) => ({ pk: `BLOB#${sha256}`, sk: `PART#${String(part).padStart(3, '0')}` });
const partSchema = z.looseObject({ sk: z.string(), bytes: z.instanceof(Uint8Array) });

/** Large answers in the sessions table, in parts, while S3 is away: `pk = BLOB#<sha256>`, `sk = PART#<n>`. */
export function createSpareBlobs(table: Table, clock: Clock): SpareBlobs {
  return {
    put: (bytes) =>
      guarded(async () => {
        const sha256 = sha256Hex(bytes);
        if (partsOf(bytes.byteLength) > MAX_PARTS)
          return err({ code: 'record_unavailable', message: `an answer of ${bytes.byteLength} bytes is too large` });
        await Promise.all(
          Array.from({ length: partsOf(bytes.byteLength) }, (_none, part) => {
            const piece = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
            const Item = { ...keyOf(sha256, part), bytes: piece };
            return table.client.send(new PutCommand({ TableName: table.name, Item }));
          }),
        );
        return ok({ sha256, bytes: bytes.byteLength });
      }),
    get: (ref) => guarded(async () => ok(await readParts(table, ref))),
    delivered: (ref) =>
      guarded(async () => {
        const until = timeToLive(clock(), DELIVERED_DAYS);
        for (let part = 0; part < partsOf(ref.bytes); part += 1) await letGo(table, ref, part, until);
        return ok(undefined);
      }),
  };
}

const partsOf = (bytes: number): number => Math.ceil(bytes / PART_BYTES);

/** All of it or nothing: parts that do not add up to what the digest names are no answer. */
async function readParts(table: Table, { sha256, bytes }: BlobRef): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keyOf(sha256, 0).pk },
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    parts.push(...(page.Items ?? []).map((item) => partSchema.parse(item).bytes));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && parts.length <= MAX_PARTS);
  const whole = Buffer.concat(parts);
  return whole.byteLength === bytes && sha256Hex(whole) === sha256 ? whole : undefined;
}

const letGo = (table: Table, { sha256 }: BlobRef, part: number, until: number) =>
  table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keyOf(sha256, part),
      UpdateExpression: 'SET expiresAt = :until',
      ExpressionAttributeValues: { ':until': until },
    }),
  );

/** Reads from S3, and where that has not got it, from where it was set aside. Writing is to S3 alone. */
export const readingSpare = (blobs: BlobStore, spare: Pick<SpareBlobs, 'get'>): BlobStore => ({
  put: (bytes) => blobs.put(bytes),
  get: async (ref) => {
    const found = await blobs.get(ref);
    if (found.ok) return found;
    const aside = await spare.get(ref);
    return aside.ok && aside.value !== undefined ? ok(aside.value) : found;
  },
});
