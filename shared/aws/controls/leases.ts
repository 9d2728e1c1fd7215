import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { leaseSchema } from '../../contracts/record/lease.ts';
import { agentKey, type Agent } from '../../domain/caller.ts';
import type { Lease } from '../../domain/lease.ts';
import type { Leases } from '../../gateway/ports/controls.ts';
import { ok } from '../../platform/result.ts';
import { conditionFailed, guarded } from '../session-store/errors.ts';
import type { Table } from '../session-store/write.ts';
import { leaseKey, timeToLive } from './keys.ts';

/** Leases that are looked at for one request. An agent with more than this at work on one connection asks people. */
const MAX_LOOKED_AT = 50;

/**
 * Leases in the sessions table. Indexes find them (`byAgent` under a partition of their own, `open` while they last);
 * what a run takes is taken from the item itself, in the transaction that records its intent.
 */
export function leasesIn(table: Table): Leases {
  return {
    create: (lease) => guarded(() => create(table, lease)),
    get: (id) => guarded(async () => ok(await read(table, id))),
    of: (agent, connection) =>
      guarded(async () => {
        const page = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: 'byAgent',
            KeyConditionExpression: 'agentKey = :partition',
            ExpressionAttributeValues: { ':partition': partitionOf(agent, connection) },
            ScanIndexForward: false,
            Limit: MAX_LOOKED_AT,
          }),
        );
        return ok((page.Items ?? []).map(leaseOf));
      }),
    list: (now, limit) =>
      guarded(async () => {
        const page = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: 'open',
            KeyConditionExpression: '#open = :lease AND #due > :now',
            ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
            ExpressionAttributeValues: { ':lease': 'lease', ':now': now.toISOString() },
            Limit: limit,
          }),
        );
        const ids = (page.Items ?? []).map((item) => String(item['pk']).replace(/^LEASE#/, ''));
        const found = await Promise.all(ids.map((id) => read(table, id)));
        return ok(found.filter((lease) => lease !== undefined));
      }),
    revoke: (id, by) => guarded(() => revoke(table, id, by)),
    giveBack: (id, rows) =>
      guarded(async () => {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: leaseKey(id),
            ConditionExpression: 'attribute_exists(pk)',
            UpdateExpression: 'SET rowsLeft = rowsLeft + :rows',
            ExpressionAttributeValues: { ':rows': rows },
          }),
        );
        return ok(undefined);
      }),
  };
}

/** Sessions of an agent lie under its key; its leases on a connection beside them, never among them. */
const partitionOf = (agent: Pick<Agent, 'issuerUrl' | 'subject'>, connection: string): string =>
  `LEASE#${connection}#${agentKey(agent)}`;

async function create(table: Table, lease: Lease) {
  const { expiresAt, ...rest } = lease;
  const agent = { issuerUrl: lease.agent.issuer, subject: lease.agent.subject };
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: {
          ...leaseKey(lease.id),
          ...rest,
          endsAt: expiresAt,
          agentKey: partitionOf(agent, lease.connection),
          startedAt: `${lease.grantedAt}#${lease.id}`,
          open: 'lease',
          due: `${expiresAt}#${lease.id}`,
          expiresAt: timeToLive(new Date(expiresAt), 30),
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!conditionFailed(error)) throw error;
  }
  return ok(undefined);
}

async function read(table: Table, id: string): Promise<Lease | undefined> {
  const found = await table.client.send(
    new GetCommand({ TableName: table.name, Key: leaseKey(id), ConsistentRead: true }),
  );
  return found.Item === undefined ? undefined : leaseOf(found.Item);
}

/** `expiresAt` is DynamoDB's time to live in this table, so a lease keeps its own under `endsAt`. */
function leaseOf(item: Readonly<Record<string, unknown>>): Lease {
  const own = Object.fromEntries(Object.entries(item).filter(([name]) => !BESIDE.has(name)));
  return leaseSchema.parse({ ...own, expiresAt: item['endsAt'] });
}

const BESIDE = new Set(['pk', 'sk', 'endsAt', 'agentKey', 'startedAt', 'open', 'due', 'expiresAt']);

async function revoke(table: Table, id: string, by: NonNullable<Lease['revoked']>) {
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: leaseKey(id),
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(revoked)',
        UpdateExpression: 'SET revoked = :by REMOVE #open, #due',
        ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
        ExpressionAttributeValues: { ':by': by },
      }),
    );
    return ok('revoked' as const);
  } catch (error) {
    if (!conditionFailed(error)) throw error;
    return ok('already' as const);
  }
}
