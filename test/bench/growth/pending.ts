import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../../infra/local/services/dynamodb/server.ts';
import { createSessionStore } from '../../../shared/aws/session-store/index.ts';
import { newItem } from '../../../shared/aws/session-store/item.ts';
import { agentKey } from '../../../shared/domain/caller.ts';
import { embedded } from '../../local/endpoint.ts';
import { agent, body, chainOf, newId, sessionFrom } from '../../support/chains.ts';
import { makeSessionsTable } from '../../support/deployed.ts';
import { cost, growthTable, type Point } from './measure.ts';

/** What one batch may write (BatchWriteItem). */
const BATCH = 25;
const LATER = new Date('2100-01-01T00:00:00.000Z');

/** What a request and the sweep ask of the table while ever more questions of other agents wait in it. */
export async function growthOfPending(): Promise<string> {
  const endpoint = await embedded((stateDir) => startDynamoDb({ stateDir }))();
  const { client, name } = await makeSessionsTable(endpoint.settings);
  const documents = DynamoDBDocumentClient.from(client);
  const store = createSessionStore({ client: documents, name }, () => new Date());
  const lines: Record<'own' | 'due', Point[]> = { own: [], due: [] };
  let there = 0;
  for (const size of [10, 100, 1_000, 10_000, 100_000]) {
    for (; there < size; there += BATCH) await putWaiting(documents, name, Math.min(BATCH, size - there));
    lines.own.push({ size, ms: await cost(() => store.countWaiting(agentKey(agent), 3)) });
    lines.due.push({ size, ms: await cost(() => store.due('unannounced', LATER, 10)) });
  }
  await endpoint.close();
  return growthTable('questions that wait', {
    'how many of this agent wait?': lines.own,
    'which ten are due?': lines.due,
  });
}

async function putWaiting(documents: DynamoDBDocumentClient, table: string, count: number): Promise<void> {
  const requests = Array.from({ length: count }, () => {
    const id = newId();
    const submitted = body.submitted({ agent: { ...agent, subject: id } });
    return { PutRequest: { Item: newItem(sessionFrom(chainOf(id, [submitted, body.decided, body.asked]))) } };
  });
  await documents.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
}
