import * as z from 'zod';
import { eventSchema } from '../../contracts/record/event.ts';
import { agentKey } from '../../domain/caller.ts';
import { eventText } from '../../domain/event-text.ts';
import type { SessionEvent } from '../../domain/event.ts';
import { openWork } from '../../domain/open-work.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import type { SideCar, StoredSession } from '../../gateway/ports/session-store.ts';
import { partitionOf } from './by-day.ts';

/**
 * One item a session: `pk = SESSION#<id>`, `sk = SESSION`. The chain is `events`, each as the canonical JSON its hash is
 * over: DynamoDB's own maps and numbers lose or refuse what JSON holds (1e300, an empty name, 33 levels), and a chain
 * that comes back otherwise than it went in looks tampered with. Everything else is either derived from
 * it, for the indexes and conditions, or the side car (the task token) that is never shown and never archived.
 */
export const keyOf = (id: string): { pk: string; sk: string } => ({ pk: `SESSION#${id}`, sk: 'SESSION' });

/** Characters of the statement that can be searched: every statement that stands in its item, whole (run/keep.ts). */
const SEARCHABLE = 32_768;

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
    day: partitionOf(session.id, session.startedAt.slice(0, 10)),
    connection: submitted.connection,
    subject: submitted.agent.subject,
    pipeline: pipelineOf(session),
    breakGlass: session.breakGlass !== undefined,
    people: session.votes.map(({ person }) => person),
    resources: resourcesOf(session),
    search: 'text' in submitted.statement ? submitted.statement.text.slice(0, SEARCHABLE).toLowerCase() : '',
  };
}

/** Names of what it touches that can be found by: a hundred are more than anyone reads, and 13 KB at most. */
const FINDABLE = 100;

const resourcesOf = ({ decided }: Session): string[] =>
  [...new Set(decided?.effects.map(({ resource }) => resource.name))].slice(0, FINDABLE);

function pipelineOf(session: Session): string {
  const pipeline = session.submitted.claimed?.['pipeline'];
  return typeof pipeline === 'string' ? pipeline : '';
}

export function newItem(session: Session): Record<string, unknown> {
  return { ...keyOf(session.id), ...derived(session, false), events: written(session.events), announced: false };
}

export const written = (events: readonly SessionEvent[]): string[] => events.map(eventText);

const parsedText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});

const itemSchema = z.looseObject({
  events: z.array(parsedText.pipe(eventSchema)),
  head: z.string(),
  taskToken: z.string().optional(),
});

/**
 * An item back as a session; `undefined` when it is not one of ours, which nobody may act on. A chain that has lost its
 * end holds together by itself: only the head beside it tells.
 */
export function storedOf(item: unknown): StoredSession | undefined {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) return undefined;
  const session = sessionOf(parsed.data.events);
  if (session?.head.hash !== parsed.data.head) return undefined;
  const { taskToken } = parsed.data;
  const sideCar: SideCar = taskToken === undefined ? {} : { taskToken };
  return { session, sideCar };
}

const joinedSchema = z.looseObject({ joined: z.strictObject({ session: z.string(), requestDigest: z.string() }) });

/** An item that only leads to the session which its request joined. */
export const joinedOf = (item: unknown): { session: string; requestDigest: string } | undefined =>
  joinedSchema.safeParse(item).data?.joined;

/** Did the write of these events reach the table, though the SDK was told it failed? Their nonces answer. */
export function holds(session: Session, events: readonly SessionEvent[]): boolean {
  return events.every((event) => session.events[event.seq]?.hash === event.hash);
}
