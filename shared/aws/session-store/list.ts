import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Session } from '../../domain/session.ts';
import type { SessionFilter, SessionPage, SessionStore } from '../../gateway/ports/session-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { err, ok } from '../../platform/result.ts';
import { lookAtDay } from './by-day.ts';
import { unavailable } from './errors.ts';
import { filtersOf } from './filters.ts';
import { storedOf } from './item.ts';
import type { Table } from './write.ts';

/** Looks one listing may take: a filter that matches little must not read the whole table for one page. */
const MAX_LOOKS = 40;
/** Days an auditor's listing goes back when no `from` is given. */
const DEFAULT_DAYS = 30;

/** A key of the index byAgent. */
const keySchema = z.strictObject({ pk: z.string(), sk: z.string(), startedAt: z.string(), agentKey: z.string() });

/**
 * Where a listing stands: for an agent the last key it has seen, for auditors the day that it reads and what of that day it has seen.
 * It comes back from the caller, so it may be anything: it is only ever a place to go on from, inside what the filter names.
 */
const cursorSchema = z.union([
  z.strictObject({ after: keySchema.optional() }),
  z.strictObject({ day: z.iso.date(), before: z.string().max(100).optional() }),
]);
type Cursor = z.output<typeof cursorSchema>;

/** Access patterns "an agent's sessions" (index byAgent) and "everyone's, by day" (index byDay), newest first. */
export const listIn = (table: Table, clock: Clock): SessionStore['list'] => {
  return async (filter, limit, text) => {
    const cursor = text === undefined ? firstOf(filter, clock()) : decode(text);
    if (cursor === undefined || !fits(cursor, filter)) return err({ code: 'invalid_cursor' });
    if (filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to) return ok({ sessions: [] });
    try {
      return await collect(table, filter, limit, cursor, clock());
    } catch (error) {
      // "The provided starting key is outside query boundaries": a cursor of another listing, or none that we gave.
      const foreign = text !== undefined && error instanceof Error && error.name === 'ValidationException';
      return foreign ? err({ code: 'invalid_cursor' }) : unavailable(error);
    }
  };
};

/** Auditors begin at the last day that can hold anything: nothing begins in the future. */
function firstOf(filter: SessionFilter, now: Date): Cursor {
  if (filter.agentKey !== undefined) return {};
  const last = filter.to !== undefined && filter.to < now.toISOString() ? filter.to : now.toISOString();
  return { day: last.slice(0, 10) };
}

function fits(cursor: Cursor, { agentKey }: SessionFilter): boolean {
  if ('day' in cursor) return agentKey === undefined && cursor.before?.startsWith(cursor.day) !== false;
  return agentKey !== undefined && (cursor.after === undefined || cursor.after.agentKey === agentKey);
}

async function collect(table: Table, filter: SessionFilter, limit: number, from: Cursor, now: Date) {
  const sessions: Session[] = [];
  let at: Cursor | undefined = from;
  for (let looks = 0; at !== undefined && sessions.length < limit && looks < MAX_LOOKS; looks += 1) {
    const wanted = Math.max(limit - sessions.length, 1);
    const look: Look =
      'day' in at ? await lookAtDay(table, filter, wanted, at) : await lookAtAgent(table, filter, wanted, at);
    for (const item of look.items) {
      const stored = storedOf(item);
      if (stored === undefined) return unavailable(new Error(`${String(item['pk'])} on record cannot be read`));
      sessions.push(stored.session);
    }
    at = look.next ?? ('day' in at ? dayBefore(at.day, filter, now) : undefined);
  }
  const page: SessionPage = { sessions, ...(at === undefined ? {} : { next: encode(at) }) };
  return ok(page);
}

/** What one look found, newest first, and where this partition or day goes on, if it does. */
interface Look {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: Cursor | undefined;
}

async function lookAtAgent(
  table: Table,
  filter: SessionFilter,
  limit: number,
  { after }: { readonly after?: z.output<typeof keySchema> | undefined },
): Promise<Look> {
  const { values, ...filters } = filtersOf(filter);
  const page = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'byAgent',
      KeyConditionExpression: 'agentKey = :partition AND startedAt BETWEEN :from AND :to',
      ScanIndexForward: false,
      Limit: limit,
      ...filters,
      ExpressionAttributeValues: {
        ':partition': filter.agentKey,
        ':from': filter.from ?? ' ',
        // Sort keys are `<instant>#<id>`: an instant alone sorts before every session of that instant, so `to` is exclusive.
        ':to': filter.to ?? '~',
        ...values,
      },
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    }),
  );
  const last = page.LastEvaluatedKey;
  return { items: page.Items ?? [], next: last === undefined ? undefined : { after: keySchema.parse(last) } };
}

function dayBefore(day: string, filter: SessionFilter, now: Date): Cursor | undefined {
  const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
  const earliest = filter.from ?? new Date(now.getTime() - DEFAULT_DAYS * 86_400_000).toISOString();
  return before < earliest.slice(0, 10) ? undefined : { day: before };
}

const encode = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function decode(text: string): Cursor | undefined {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
