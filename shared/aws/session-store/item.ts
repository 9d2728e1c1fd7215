import * as z from 'zod';
import { eventSchema } from '../../contracts/record/event.ts';
import { agentKey } from '../../domain/caller.ts';
import type { SessionEvent } from '../../domain/event.ts';
import { openWork } from '../../domain/open-work.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import type { SideCar, StoredSession } from '../../gateway/ports/session-store.ts';

/**
 * One item a session: `pk = SESSION#<id>`, `sk = SESSION`. The chain is `events`; everything else is either derived from
 * it, for the indexes and conditions, or the side car (task token, notices) that is never shown and never archived.
 */
export const keyOf = (id: string): { pk: string; sk: string } => ({ pk: `SESSION#${id}`, sk: 'SESSION' });

/** Characters of the statement that can be searched: a filter reads every item of its page, so it stays short. */
const SEARCHABLE = 4_096;

/** Attributes that follow from the chain; written together with every event. */
export function derived(session: Session, announced: boolean) {
  const { submitted } = session;
  const open = openWork(session, announced);
  return {
    status: session.status,
    head: session.head.hash,
    open: open.kind,
    due: `${open.due}#${session.id}`,
    agentKey: agentKey(submitted.agent),
    startedAt: `${session.startedAt}#${session.id}`,
    day: session.startedAt.slice(0, 10),
    connection: submitted.connection,
    subject: submitted.agent.subject,
    pipeline: pipelineOf(session),
    search: 'text' in submitted.statement ? submitted.statement.text.slice(0, SEARCHABLE).toLowerCase() : '',
  };
}

function pipelineOf(session: Session): string {
  const pipeline = session.submitted.claimed?.['pipeline'];
  return typeof pipeline === 'string' ? pipeline : '';
}

export function newItem(session: Session): Record<string, unknown> {
  return { ...keyOf(session.id), ...derived(session, false), events: session.events, announced: false };
}

const itemSchema = z.looseObject({
  events: z.array(eventSchema),
  taskToken: z.string().optional(),
  notices: z.array(z.strictObject({ channel: z.string(), ts: z.string() })).optional(),
  announced: z.boolean().optional(),
});

/** An item back as a session; `undefined` when it is not one of ours, which nobody may act on. */
export function storedOf(item: unknown): (StoredSession & { announced: boolean }) | undefined {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) return undefined;
  const session = sessionOf(parsed.data.events);
  if (session === undefined) return undefined;
  const { taskToken, notices = [], announced = false } = parsed.data;
  const sideCar: SideCar = { notices, ...(taskToken === undefined ? {} : { taskToken }) };
  return { session, sideCar, announced };
}

/** Did the write of these events reach the table, though the SDK was told it failed? Their nonces answer. */
export function holds(session: Session, events: readonly SessionEvent[]): boolean {
  return events.every((event) => session.events[event.seq]?.hash === event.hash);
}
