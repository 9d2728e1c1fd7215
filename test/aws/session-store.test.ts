import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDynamoDb } from '../../infra/local/services/dynamodb/server.ts';
import { createDigestQueue } from '../../shared/aws/session-store/digest-queue.ts';
import { createSessionStore } from '../../shared/aws/session-store/index.ts';
import type { SessionStore } from '../../shared/gateway/ports/session-store.ts';
import { embedded, givenEndpoint, outside, type ClientSettings, type Endpoint } from '../local/endpoint.ts';
import { archivedObject, body, chainOf, newId, nextOf, NOW, sessionFrom } from '../support/chains.ts';
import { makeSessionsTable } from '../support/deployed.ts';
import { memorySessionStore } from '../support/memory-session-store.ts';
import { sessionStoreContract } from './session-store.contract.ts';

const clock = () => new Date(NOW.getTime() + 60_000);

const over = (open: () => Promise<Endpoint>) => async () => {
  const endpoint = await open();
  const { client, name } = await makeSessionsTable(endpoint.settings);
  const store = createSessionStore({ client: DynamoDBDocumentClient.from(client), name }, clock);
  return { store, client, name, settings: endpoint.settings, close: () => endpoint.close() };
};
const here = over(embedded((stateDir) => startDynamoDb({ stateDir })));

sessionStoreContract('in memory', () =>
  Promise.resolve({ store: memorySessionStore(), close: () => Promise.resolve() }),
);
sessionStoreContract('embedded DynamoDB', here);
const given = givenEndpoint('AWS_ENDPOINT_URL_DYNAMODB');
if (given !== undefined) sessionStoreContract(given, over(outside(given)));

/** A client whose writes are sent twice, or whose replies are lost: what a retry of the SDK meets. */
function unreliable(settings: ClientSettings, how: 'sent twice' | 'reply lost'): DynamoDBDocumentClient {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(settings));
  documents.middlewareStack.add(
    (next) => async (call) => {
      await next(call);
      if (how === 'sent twice') return next(call);
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    },
    { step: 'finalizeRequest', priority: 'low', name: how },
  );
  return documents;
}

describe('the store on DynamoDB', () => {
  let opened: Awaited<ReturnType<typeof here>>;
  let documents: DynamoDBDocumentClient;
  const storeWith = (client: DynamoDBDocumentClient): SessionStore =>
    createSessionStore({ client, name: opened.name }, clock);
  beforeAll(async () => {
    opened = await here();
    documents = DynamoDBDocumentClient.from(opened.client);
  });
  afterAll(() => opened.close());
  const itemOf = async (id: string): Promise<Record<string, unknown>> =>
    (await documents.send(new GetCommand({ TableName: opened.name, Key: { pk: `SESSION#${id}`, sk: 'SESSION' } })))
      .Item ?? {};
  const put = (item: Record<string, unknown>) => documents.send(new PutCommand({ TableName: opened.name, Item: item }));

  test('recognises its own write when the SDK sent it twice and the second was refused', async () => {
    const store = storeWith(unreliable(opened.settings, 'sent twice'));
    const events = chainOf(newId(), [body.submitted(), body.decided, body.asked]);
    expect(await store.create(events)).toEqual({ ok: true, value: { kind: 'created' } });
    const session = sessionFrom(events);
    expect(await store.append(session, nextOf(session, [body.voted]))).toEqual({ ok: true, value: 'written' });
    expect((await itemOf(session.id))['events']).toHaveLength(4);
  });

  test('reports a reply that was lost as a fault, though the write is there', async () => {
    const store = storeWith(unreliable(opened.settings, 'reply lost'));
    const events = chainOf(newId(), [body.submitted(), body.refused]);
    expect(await store.create(events)).toMatchObject({ ok: false, error: { code: 'record_unavailable' } });
    expect(await storeWith(documents).get(sessionFrom(events).id)).toMatchObject({
      ok: true,
      value: { session: { status: 'blocked' } },
    });
  });

  test('marks what is archived and named by a digest for deletion, in seconds, in the attribute that expires', async () => {
    const session = sessionFrom(chainOf(newId(), [body.submitted(), body.refused]));
    await opened.store.create(session.events);
    await opened.store.saveTaskToken(session.id, 'token');
    await opened.store.markArchived(session.id, new Date('2027-01-01T00:00:00.500Z'), archivedObject(session.id));
    const waiting = await itemOf(session.id);
    expect(waiting).toMatchObject({ open: 'undigested', deleteAfter: 1_798_761_600 });
    expect([waiting['expiresAt'], waiting['taskToken']]).toEqual([undefined, undefined]);
    await createDigestQueue({ client: documents, name: opened.name }).settle([session.id]);
    const item = await itemOf(session.id);
    expect(item).toMatchObject({ expiresAt: 1_798_761_600 });
    expect([item['open'], item['due']]).toEqual([undefined, undefined]);
    const ttl = await opened.client.send(new DescribeTimeToLiveCommand({ TableName: opened.name }));
    expect(ttl.TimeToLiveDescription).toMatchObject({ AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' });
  });

  test.each<[string, (item: Record<string, unknown>) => Record<string, unknown>]>([
    ['an item of somebody else', ({ pk, sk }) => ({ pk, sk, hello: 'world' })],
    ['no events', (item) => ({ ...item, events: [] })],
    ['an event that is no JSON', (item) => ({ ...item, events: ['{'] })],
    [
      'an event with a member nobody wrote',
      (item) => ({ ...item, events: (item['events'] as string[]).map((text) => text.replace('{', '{"x":1,')) }),
    ],
    ['a chain that lost its end', (item) => ({ ...item, events: (item['events'] as string[]).slice(0, -1) })],
    ['a chain that goes backwards', (item) => ({ ...item, events: (item['events'] as string[]).toReversed() })],
  ])('refuses %s as a record that cannot be read', async (_what, corrupt) => {
    const session = sessionFrom(chainOf(newId(), [body.submitted(), body.decided, body.asked]));
    await opened.store.create(session.events);
    await put(corrupt(await itemOf(session.id)));
    expect(await opened.store.get(session.id)).toMatchObject({ ok: false, error: { code: 'record_unavailable' } });
  });

  test('holds a session of 380 KB, and refuses one that is larger than an item', async () => {
    const large = (bytes: number) => chainOf(newId(), [body.submitted({ claimed: { text: 'x'.repeat(bytes) } })]);
    const fits = large(380_000);
    expect(await opened.store.create(fits)).toMatchObject({ ok: true });
    expect(await opened.store.get(sessionFrom(fits).id)).toMatchObject({
      ok: true,
      value: { session: { events: [{ seq: 0 }] } },
    });
    expect(await opened.store.create(large(420_000))).toMatchObject({
      ok: false,
      error: { code: 'record_unavailable' },
    });
  });

  test('is a fault, not an exception, when nothing answers', async () => {
    const store = createSessionStore({ client: documents, name: 'no-such-table' }, clock);
    const session = sessionFrom(chainOf(newId(), [body.submitted(), body.decided, body.asked]));
    const answers = await Promise.all([
      store.create(session.events),
      store.append(session, nextOf(session, [body.voted])),
      store.get('x'),
      store.list({}, 10),
      store.countWaiting('x', 1),
      store.due('waiting', NOW, 1),
      store.saveTaskToken('x', 't'),
      store.claim('x', 'halfway'),
      store.markAnnounced(session),
      store.markArchived('x', NOW, archivedObject('x')),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: 'record_unavailable' } });
  });
});
