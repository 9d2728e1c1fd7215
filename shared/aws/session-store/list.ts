import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Session } from '../../domain/session.ts';
import type { SessionFilter, SessionPage, SessionStore } from '../../gateway/ports/session-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { err, ok } from '../../platform/result.ts';
import { unavailable } from './errors.ts';
import { storedOf } from './item.ts';
import type { Table } from './write.ts';

/** Queries one listing may make: a filter that matches little must not read the whole table for one page. */
const MAX_QUERIES = 40;
/** Days an auditor's listing goes back when no `from` is given. */
const DEFAULT_DAYS = 30;

/** A key of either index. */
const keySchema = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  startedAt: z.string(),
  agentKey: z.string().optional(),
  day: z.string().optional(),
});

/**
 * Where a listing stands: which day it reads (auditors), and the last key it has seen. It comes back from the caller,
 * so it may be anything: it is only ever a place to go on from, inside the partition that the filter names.
 */
const cursorSchema = z.strictObject({ day: z.iso.date().optional(), after: keySchema.optional() });
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

function fits({ day, after }: Cursor, { agentKey }: SessionFilter): boolean {
  const own = agentKey !== undefined;
  if (own !== (day === undefined)) return false;
  return after === undefined || (after.agentKey === agentKey && after.day === day);
}

async function collect(table: Table, filter: SessionFilter, limit: number, from: Cursor, now: Date) {
  const sessions: Session[] = [];
  let at: Cursor | undefined = from;
  for (let queries = 0; at !== undefined && sessions.length < limit && queries < MAX_QUERIES; queries += 1) {
    const page = await table.client.send(new QueryCommand(queryOf(table, filter, limit - sessions.length, at)));
    for (const item of page.Items ?? []) {
      const stored = storedOf(item);
      if (stored === undefined) return unavailable(new Error(`${String(item['pk'])} on record cannot be read`));
      sessions.push(stored.session);
    }
    at = nextOf(at, page.LastEvaluatedKey, filter, now);
  }
  const page: SessionPage = { sessions, ...(at === undefined ? {} : { next: encode(at) }) };
  return ok(page);
}

function queryOf(table: Table, filter: SessionFilter, limit: number, at: Cursor): QueryCommandInput {
  const own = filter.agentKey !== undefined;
  const conditions = Object.entries(conditionsOf(filter)).filter(([, value]) => value !== undefined);
  const filters = conditions.map(([name]) =>
    CONTAINS.has(name) ? `contains(#${name}, :${name})` : `#${name} = :${name}`,
  );
  return {
    TableName: table.name,
    IndexName: own ? 'byAgent' : 'byDay',
    KeyConditionExpression: `${own ? 'agentKey' : '#day'} = :partition AND startedAt BETWEEN :from AND :to`,
    ScanIndexForward: false,
    Limit: Math.max(limit, 1),
    ...(filters.length === 0 ? {} : { FilterExpression: filters.join(' AND ') }),
    ...namesOf([...conditions.map(([name]) => name), ...(own ? [] : ['day'])]),
    ExpressionAttributeValues: {
      ':partition': filter.agentKey ?? at.day,
      ':from': filter.from ?? ' ',
      // Sort keys are `<instant>#<id>`: an instant alone sorts before every session of that instant, so `to` is exclusive.
      ':to': filter.to ?? '~',
      ...Object.fromEntries(conditions.map(([name, value]) => [`:${name}`, value])),
    },
    ...(at.after === undefined ? {} : { ExclusiveStartKey: at.after }),
  };
}

/** A piece of a text, or one of a list. */
const CONTAINS = new Set(['search', 'people', 'resources']);

const conditionsOf = ({ connection, status, pipeline, subject, person, table, text, breakGlass }: SessionFilter) => ({
  breakGlass,
  connection,
  status,
  pipeline,
  subject,
  people: person,
  resources: table,
  search: text?.toLowerCase(),
});

const namesOf = (names: readonly string[]) =>
  names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])) };

function nextOf(
  at: Cursor,
  last: Readonly<Record<string, unknown>> | undefined,
  filter: SessionFilter,
  now: Date,
): Cursor | undefined {
  if (last !== undefined) return { ...at, after: keySchema.parse(last) };
  if (at.day === undefined) return undefined;
  const day = new Date(Date.parse(at.day) - 86_400_000).toISOString().slice(0, 10);
  const earliest = filter.from ?? new Date(now.getTime() - DEFAULT_DAYS * 86_400_000).toISOString();
  return day < earliest.slice(0, 10) ? undefined : { day };
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
