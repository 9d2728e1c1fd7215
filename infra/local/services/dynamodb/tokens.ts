import type { BatchEntry, Level } from 'dynalite/db/index.js';
import * as z from 'zod';
import { rangeOf } from './outbox.ts';

/** DynamoDB remembers a ClientRequestToken for ten minutes after the transaction is done. */
const tokenLifeMs = 10 * 60 * 1000;

const stored = z.object({ digest: z.string(), at: z.number() });

export const tokenEntry = (token: string, digest: string, now: Date): BatchEntry => ({
  type: 'put',
  key: `token~${token}`,
  value: { digest, at: now.getTime() },
});

/** Whether this token was used lately, and for the same request. */
export async function tokenState(
  db: Level,
  token: string,
  digest: string,
  now: Date,
): Promise<'new' | 'same' | 'different'> {
  const row = stored.safeParse(await db.get(`token~${token}`));
  if (!row.success || now.getTime() - row.data.at > tokenLifeMs) return 'new';
  return row.data.digest === digest ? 'same' : 'different';
}

export async function trimTokens(db: Level, now: Date): Promise<void> {
  const stale: BatchEntry[] = [];
  for await (const [key, value] of db.iterator(rangeOf('token~')))
    if (now.getTime() - stored.parse(value).at > tokenLifeMs) stale.push({ type: 'del', key });
  if (stale.length > 0) await db.batch(stale);
}
