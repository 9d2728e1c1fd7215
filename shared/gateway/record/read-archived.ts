import * as z from 'zod';
import { eventSchema } from '../../contracts/record/event.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import { isFinal } from '../../domain/session-status.ts';
import { ok, type Result } from '../../platform/result.ts';
import { fault, readChain, type ObjectFault } from './archive-object.ts';

/** Reads an object as the session it tells. Its chain is proven first; then it must be a story that can have happened. */
export function readArchived(key: string, bytes: Uint8Array): Result<Session, ObjectFault> {
  const chain = readChain(key, bytes);
  if (!chain.ok) return chain;
  const events = z.array(eventSchema).safeParse(chain.value.events);
  if (!events.success) {
    const at = events.error.issues[0]?.path.join('.') ?? '';
    return fault('foreign', `its events are not of a kind that is known here (at ${at})`);
  }
  const session = sessionOf(events.data);
  if (session === undefined) return fault('broken_chain', 'its events do not tell a session');
  return isFinal(session.status) ? ok(session) : fault('unfinished', 'its session has not ended');
}
