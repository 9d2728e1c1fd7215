import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { actSchema } from '../../contracts/record/act.ts';
import type { Acts } from '../../gateway/ports/controls.ts';
import { canonicalJson } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import { ok } from '../../platform/result.ts';
import { guarded, unavailable } from '../session-store/errors.ts';
import { keyOf } from '../session-store/item.ts';
import type { Table } from '../session-store/write.ts';

/** Seconds that the stream is given to archive an act before the sweep does. */
const PATIENCE_SECONDS = 20;

/**
 * Acts in the sessions table, where a finished session would be and on the same way to the archive: `open` is what its
 * stream looks at, and the digest that names it later knows no difference.
 */
export function actsIn(table: Table): Acts {
  return {
    create: (act) =>
      guarded(async () => {
        const due = new Date(Date.parse(act.at) + PATIENCE_SECONDS * 1_000).toISOString();
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...keyOf(act.session),
              event: canonicalJson(toJson(act)),
              open: 'unarchived',
              due: `${due}#${act.session}`,
            },
            // Its id is new, so whoever is there already is this act, written by a retry that was told it failed.
            ConditionExpression: 'attribute_not_exists(pk) OR #event = :event',
            ExpressionAttributeNames: { '#event': 'event' },
            ExpressionAttributeValues: { ':event': canonicalJson(toJson(act)) },
          }),
        );
        return ok(undefined);
      }),
    get: (id) =>
      guarded(async () => {
        const found = await table.client.send(
          new GetCommand({ TableName: table.name, Key: keyOf(id), ConsistentRead: true }),
        );
        if (found.Item === undefined) return ok(undefined);
        const text: unknown = found.Item['event'];
        const act = typeof text === 'string' ? actSchema.safeParse(JSON.parse(text)).data : undefined;
        return act === undefined ? unavailable(new Error(`act ${id} on record cannot be read`)) : ok(act);
      }),
  };
}
