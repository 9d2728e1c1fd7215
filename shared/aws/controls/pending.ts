import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Pending } from '../../gateway/ports/controls.ts';
import { ok } from '../../platform/result.ts';
import { guarded } from '../session-store/errors.ts';
import type { Table } from '../session-store/write.ts';
import { pendingKey } from './keys.ts';

/** A string set a scope; places are taken by the guard of a question. */
export function pendingIn(table: Table): Pending {
  return {
    of: (scope) =>
      guarded(async () => {
        const found = await table.client.send(
          new GetCommand({ TableName: table.name, Key: pendingKey(scope), ConsistentRead: true }),
        );
        const waiting: unknown = found.Item?.['waiting'];
        return ok(waiting === undefined ? [] : [...z.set(z.string()).parse(waiting)]);
      }),
    drop: (scope, sessions) =>
      guarded(async () => {
        if (sessions.length === 0) return ok(undefined);
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: pendingKey(scope),
            UpdateExpression: 'DELETE waiting :sessions',
            ExpressionAttributeValues: { ':sessions': new Set(sessions) },
          }),
        );
        return ok(undefined);
      }),
  };
}
