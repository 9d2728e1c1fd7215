import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDynamoDb } from '../../infra/local/services/dynamodb/server.ts';
import { createDigestQueue } from '../../shared/aws/session-store/digest-queue.ts';
import { createSessionStore } from '../../shared/aws/session-store/index.ts';
import type { DigestQueue } from '../../shared/gateway/ports/digest-queue.ts';
import { embedded, givenEndpoint, outside, type Endpoint } from '../local/endpoint.ts';
import { archivedObject, body, chainOf, newId, NOW, sessionFrom } from '../support/chains.ts';
import { makeSessionsTable } from '../support/deployed.ts';

function contract(name: string, open: () => Promise<Endpoint>): void {
  describe(`the queue of digests: ${name}`, () => {
    let endpoint: Endpoint;
    let queue: DigestQueue;
    let archive: (at: Date) => Promise<string>;
    let again: (id: string) => Promise<unknown>;
    beforeAll(async () => {
      endpoint = await open();
      const made = await makeSessionsTable(endpoint.settings);
      const table = { client: DynamoDBDocumentClient.from(made.client), name: made.name };
      const store = createSessionStore(table, () => NOW);
      queue = createDigestQueue(table);
      again = (id) => store.markArchived(id, NOW, archivedObject(id));
      archive = async (at) => {
        const session = sessionFrom(chainOf(newId(), [body.submitted(), body.refused]));
        await store.create(session.events);
        await store.markArchived(session.id, NOW, archivedObject(session.id, at));
        return session.id;
      };
    });
    afterAll(() => endpoint.close());
    const minute = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
    const pending = async (before: Date, limit = 100): Promise<readonly string[]> => {
      const found = await queue.pending(before.toISOString(), limit);
      if (!found.ok) throw new Error(found.error.message);
      return found.value.map(({ session }) => session);
    };

    test('holds what is archived until it is settled, and never again', async () => {
      const id = await archive(minute(1));
      expect(await queue.pending(minute(2).toISOString(), 100)).toEqual({
        ok: true,
        value: [
          {
            session: id,
            key: archivedObject(id).key,
            sha256: archivedObject(id).sha256,
            bytes: archivedObject(id).bytes,
          },
        ],
      });
      expect(await queue.settle([id])).toMatchObject({ ok: true });
      expect(await pending(minute(2))).toEqual([]);
      await again(id);
      expect(await queue.settle([id])).toMatchObject({ ok: true });
      expect(await pending(minute(2))).toEqual([]);
    });

    test('gives the oldest first, those before an instant, and no more than asked for', async () => {
      const ids: string[] = [];
      for (const at of [13, 11, 12]) ids.push(await archive(minute(at)));
      const [third, first, second] = ids;
      expect(await pending(minute(13))).toEqual([first, second]);
      expect(await pending(minute(14), 2)).toEqual([first, second]);
      expect(await pending(minute(14))).toEqual([first, second, third]);
      await queue.settle(ids);
    });

    test('settles what is not there, and nothing, without a fault', async () => {
      expect(await queue.settle(['ses_nobody'])).toMatchObject({ ok: true });
      expect(await queue.settle([])).toMatchObject({ ok: true });
    });

    test('takes more than one call at a time can answer', async () => {
      const ids = await Promise.all(Array.from({ length: 70 }, () => archive(minute(30))));
      expect((await pending(minute(31))).toSorted()).toEqual(ids.toSorted());
      await queue.settle(ids);
      expect(await pending(minute(31))).toEqual([]);
    });
  });
}

contract(
  'embedded DynamoDB',
  embedded((stateDir) => startDynamoDb({ stateDir })),
);
const given = givenEndpoint('AWS_ENDPOINT_URL_DYNAMODB');
if (given !== undefined) contract(given, outside(given));
