import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../infra/local/services/dynamodb/server.ts';
import { createControls } from '../../shared/aws/controls/index.ts';
import { createSessionStore } from '../../shared/aws/session-store/index.ts';
import { embedded, givenEndpoint, outside, type Endpoint } from '../local/endpoint.ts';
import { NOW } from '../support/chains.ts';
import { makeSessionsTable } from '../support/deployed.ts';
import { memoryControls } from '../support/memory-controls.ts';
import { memorySessionStore } from '../support/memory-session-store.ts';
import { controlsContract } from './controls.contract.ts';

const over = (open: () => Promise<Endpoint>) => async () => {
  const endpoint = await open();
  const { client, name } = await makeSessionsTable(endpoint.settings);
  const table = { client: DynamoDBDocumentClient.from(client), name };
  const store = createSessionStore(table, () => NOW);
  return { store, controls: createControls(table), close: () => endpoint.close() };
};

controlsContract('in memory', () => {
  const controls = memoryControls();
  return Promise.resolve({ store: memorySessionStore(controls), controls, close: () => Promise.resolve() });
});
controlsContract('embedded DynamoDB', over(embedded((stateDir) => startDynamoDb({ stateDir }))));
const given = givenEndpoint('AWS_ENDPOINT_URL_DYNAMODB');
if (given !== undefined) controlsContract(given, over(outside(given)));
