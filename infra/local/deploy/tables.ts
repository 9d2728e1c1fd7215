import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import { isDeepStrictEqual } from 'node:util';
import { StartFailure } from '../start-failure.ts';
import type { Table } from '../template/shapes.ts';

/** Makes a table of the template, or finds it as an earlier start made it. What it holds stays. */
export async function deployTable(client: DynamoDBClient, table: Table): Promise<void> {
  if (!(await create(client, table))) {
    await refuseChangedShape(client, table);
    return;
  }
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName: table.TableName });
  const ttl = table.TimeToLiveSpecification;
  if (ttl === undefined) return;
  await client.send(new UpdateTimeToLiveCommand({ TableName: table.TableName, TimeToLiveSpecification: ttl }));
}

async function create(client: DynamoDBClient, table: Table): Promise<boolean> {
  const { TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification } = table;
  const stream =
    StreamSpecification === undefined ? {} : { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } };
  const indexes = GlobalSecondaryIndexes?.map(({ Projection: { ProjectionType, NonKeyAttributes }, ...index }) => ({
    ...index,
    Projection: { ProjectionType, ...(NonKeyAttributes === undefined ? {} : { NonKeyAttributes }) },
  }));
  try {
    const input = { TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' as const, ...stream };
    await client.send(
      new CreateTableCommand({ ...input, ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }) }),
    );
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
}

/** DynamoDB cannot change keys either: a table of another shape would refuse the functions' requests one by one. */
async function refuseChangedShape(client: DynamoDBClient, table: Table): Promise<void> {
  const { Table: found } = await client.send(new DescribeTableCommand({ TableName: table.TableName }));
  if (found === undefined || isDeepStrictEqual(shapeOf(found), shapeOf(table))) return;
  throw new StartFailure(
    `Table ${table.TableName} in the state folder has other keys or indexes than the template now. Start over with --fresh (this empties the state).`,
  );
}

function shapeOf(table: Table | TableDescription): unknown {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  const shapes = indexes.map(({ IndexName, KeySchema, Projection }): [string, unknown] => [
    IndexName ?? '',
    { KeySchema, type: Projection?.ProjectionType },
  ]);
  return { keys: table.KeySchema, indexes: new Map<string, unknown>(shapes) };
}
