import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDynamoDb } from '../../infra/local/services/dynamodb/server.ts';
import { createNotices } from '../../shared/aws/notices.ts';
import type { Notices } from '../../shared/gateway/ports/notices.ts';
import { embedded, givenEndpoint, outside, type Endpoint } from '../local/endpoint.ts';
import { newId, NOW } from '../support/chains.ts';
import { makeSessionsTable } from '../support/deployed.ts';
import { memoryNotices } from '../support/memory-notices.ts';

interface Opened {
  readonly notices: Notices;
  close(): Promise<void>;
}

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
const A = { channel: 'C0DBA', ts: '1.1' };
const B = { channel: 'C0SEC', ts: '1.2' };

/** What the stories rely on, of whatever keeps where messages are. */
function noticesContract(name: string, open: () => Promise<Opened>): void {
  describe(`notices: ${name}`, () => {
    let opened: Opened;
    let notices: Notices;
    beforeAll(async () => {
      opened = await open();
      notices = opened.notices;
    });
    afterAll(() => opened.close());

    const valueOf = async <T>(call: Promise<{ ok: boolean; value?: T }>): Promise<T | undefined> => {
      const answer = await call;
      expect(answer.ok).toBe(true);
      return answer.value;
    };
    const of = (id: string) => valueOf(notices.of(id));
    const isOwed = async (id: string, before: Date) => (await valueOf(notices.owed(before, 1_000)))?.includes(id);
    const claim = (id: string, at = NOW, until = later(60)) => valueOf(notices.claim(id, A.channel, at, until));

    test('keeps messages in order, each once, and knows none of a session without any', async () => {
      const id = newId();
      expect(await of(id)).toEqual([]);
      for (const notice of [A, B, A]) await valueOf(notices.keep(id, notice, later(60)));
      expect(await of(id)).toEqual([A, B]);
    });

    test('lets one at a time post to a channel, another once its time is over, and nobody once it is posted', async () => {
      const id = newId();
      const claims = await Promise.all([1, 2, 3].map(() => claim(id)));
      expect(claims.sort()).toEqual([false, false, true]);
      expect(await valueOf(notices.claim(id, B.channel, NOW, later(60)))).toBe(true);
      expect(await claim(id, later(59))).toBe(false);
      expect(await claim(id, later(61), later(120))).toBe(true);
      await valueOf(notices.keep(id, A, later(60)));
      expect(await claim(id, later(1e6), later(2e6))).toBe(false);
    });

    test('opens a channel again at the time that Slack asked to wait for, unless it is posted by then', async () => {
      const id = newId();
      expect(await claim(id)).toBe(true);
      await valueOf(notices.release(id, A.channel, later(300)));
      expect(await claim(id, later(299))).toBe(false);
      expect(await claim(id, later(301), later(400))).toBe(true);
      await valueOf(notices.keep(id, A, later(60)));
      await valueOf(notices.release(id, A.channel, later(300)));
      expect(await claim(id, later(1e6), later(2e6))).toBe(false);
    });

    test('owes what is posted until all of it is settled', async () => {
      const id = newId();
      await valueOf(notices.owe(id, NOW, later(1)));
      expect(await isOwed(id, later(1e6))).toBe(false);
      await valueOf(notices.keep(id, A, later(60)));
      expect([await isOwed(id, later(60)), await isOwed(id, later(61))]).toEqual([false, true]);
      await valueOf(notices.keep(id, B, later(90)));
      expect(await valueOf(notices.settle(id, 1, NOW, later(1e6)))).toBe(false);
      await valueOf(notices.postpone(id, later(120)));
      expect([await isOwed(id, later(120)), await isOwed(id, later(121))]).toEqual([false, true]);
      expect(await valueOf(notices.settle(id, 2, NOW, later(1e6)))).toBe(true);
      await valueOf(notices.postpone(id, later(1)));
      expect(await isOwed(id, later(1e6))).toBe(false);
      expect(await of(id)).toEqual([A, B]);
    });

    test('is not settled over somebody who has just said that more is to come', async () => {
      const id = newId();
      await valueOf(notices.keep(id, A, later(60)));
      await valueOf(notices.owe(id, later(10), later(70)));
      expect(await valueOf(notices.settle(id, 1, later(10), later(1e6)))).toBe(false);
      expect(await isOwed(id, later(71))).toBe(true);
      expect(await valueOf(notices.settle(id, 1, later(11), later(1e6)))).toBe(true);
      await valueOf(notices.owe(id, later(12), later(80)));
      expect(await isOwed(id, later(81))).toBe(true);
    });
  });
}

const over = (open: () => Promise<Endpoint>) => async () => {
  const endpoint = await open();
  const { client, name } = await makeSessionsTable(endpoint.settings);
  const notices = createNotices({ client: DynamoDBDocumentClient.from(client), name });
  return { notices, close: () => endpoint.close() };
};

noticesContract('in memory', () => Promise.resolve({ notices: memoryNotices(), close: () => Promise.resolve() }));
noticesContract('embedded DynamoDB', over(embedded((stateDir) => startDynamoDb({ stateDir }))));
const given = givenEndpoint('AWS_ENDPOINT_URL_DYNAMODB');
if (given !== undefined) noticesContract(given, over(outside(given)));
