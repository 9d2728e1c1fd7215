import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, UpdateCommand, type PutCommandInput, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { SessionEvent } from '../../domain/event.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import type { Guard } from '../../gateway/ports/guard.ts';
import type { Created, HeldBack, SessionStore } from '../../gateway/ports/session-store.ts';
import { ok } from '../../platform/result.ts';
import { checksOf, type Action } from '../controls/guard-items.ts';
import { writeGuarded, type GuardedEnd } from '../controls/guarded-write.ts';
import { conditionFailed, guarded, unavailable } from './errors.ts';
import { derived, holds, keyOf, newItem, written } from './item.ts';
import { readOne } from './read.ts';

export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** One conditional Put: of two creates of one id, one wins and the other is shown what won. */
export const createIn = (table: Table): SessionStore['create'] => {
  return (events, guard) =>
    guarded<Created>(async () => {
      const session = sessionOf(events);
      if (session === undefined) return unavailable(new Error('the chain does not tell a session'));
      const put = { TableName: table.name, Item: newItem(session), ConditionExpression: 'attribute_not_exists(pk)' };
      const end = await writeOne(table, session.id, { Put: put }, guard);
      if (end.kind === 'written') return ok({ kind: 'created' });
      if (end.kind === 'held') return ok(end);
      const there = await readOne(table, session.id);
      if (!there.ok) return there;
      if (there.value === undefined) return unavailable(new Error('the item is there and cannot be read'));
      return ok(holds(there.value.session, events) ? { kind: 'created' } : { kind: 'exists', stored: there.value });
    });
};

/** One conditional Update on the chain's head. */
export const appendIn = (table: Table): SessionStore['append'] => {
  return (before, events, guard) =>
    guarded<'written' | 'conflict' | HeldBack>(async () => {
      const after = sessionOf([...before.events, ...events]);
      if (after === undefined) return unavailable(new Error('the step is not one that a session may take'));
      const end = await writeOne(table, before.id, { Update: appendInput(table, before, after, events) }, guard);
      if (end.kind === 'written') return ok('written');
      if (end.kind === 'held') return ok(end);
      const there = await readOne(table, before.id);
      if (!there.ok) return there;
      return ok(there.value !== undefined && holds(there.value.session, events) ? 'written' : 'conflict');
    });
};

type OwnWrite =
  | { readonly Put: PutCommandInput & NonNullable<Action['Put']> }
  | { readonly Update: UpdateCommandInput & NonNullable<Action['Update']> };

/** By itself where nothing guards it: a transaction costs twice as much, and takes longer. */
async function writeOne(table: Table, session: string, write: OwnWrite, guard: Guard | undefined): Promise<GuardedEnd> {
  if (guard !== undefined) return writeGuarded(table, write, checksOf(table.name, session, guard));
  try {
    await ('Put' in write
      ? table.client.send(new PutCommand(write.Put))
      : table.client.send(new UpdateCommand(write.Update)));
    return { kind: 'written' };
  } catch (error) {
    if (conditionFailed(error)) return { kind: 'refused' };
    throw error;
  }
}

function appendInput(table: Table, before: Session, after: Session, events: readonly SessionEvent[]) {
  const { status, head, people, open, due } = derived(after, true);
  // A vote that leaves the question open leaves what is due as it was: whoever has not heard of it still has to.
  const moved = stillWaits(after) ? {} : { open, due };
  const set = { status, head, people, ...moved };
  return {
    TableName: table.name,
    Key: keyOf(before.id),
    ConditionExpression: '#head = :before',
    UpdateExpression: `SET #events = list_append(#events, :events), ${assignments(Object.keys(set))}`,
    ExpressionAttributeNames: namesOf(['events', ...Object.keys(set)]),
    ExpressionAttributeValues: { ':before': before.head.hash, ':events': written(events), ...valuesOf(set) },
  };
}

const stillWaits = (session: Session): boolean => session.status === 'pending_approval' && session.ended === undefined;

const assignments = (names: readonly string[]): string => names.map((name) => `#${name} = :${name}`).join(', ');
const namesOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [`#${name}`, name]));
const valuesOf = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value]));
