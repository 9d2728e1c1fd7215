import type { CallToolResult } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Session } from '../domain/session.ts';
import { isFinal } from '../domain/session-status.ts';
import type { JsonObject } from '../platform/json-value.ts';
import { RETRY_AFTER_MS } from './words.ts';
import { needOf } from './waiting.ts';

/**
 * The Tasks extension (SEP-2663, `io.modelcontextprotocol/tasks`): a call that waits for people answers with a task, and
 * the client polls it. The task is the session, under the same id, so there is nothing to keep beside the record.
 */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

export const taskParams = z.looseObject({ taskId: z.string().max(100) });

/** Does the client of this request declare tasks? Its capabilities come with every request, as claims do. */
export function declaresTasks(capabilities: unknown): boolean {
  const parsed = z.looseObject({ extensions: z.record(z.string(), z.unknown()) }).safeParse(capabilities);
  return parsed.success && Object.hasOwn(parsed.data.extensions, TASKS_EXTENSION);
}

/** What `tools/call` answers in place of a result. A client that reads it as a plain result sees one without content. */
export const createdTask = (session: Session): CallToolResult => ({
  content: [],
  resultType: 'task',
  ...taskOf(session),
});

/** What `tasks/get` answers; `result` is what the tool would have answered, once there is one. */
export function taskOf(session: Session, result?: JsonObject): JsonObject {
  const { id, startedAt, updatedAt, status } = session;
  const about = { taskId: id, createdAt: startedAt, lastUpdatedAt: updatedAt, ttlMs: null };
  // Cancelled by its agent; a refusal is a result that says so, since the call itself did not fail.
  if (status === 'cancelled') return { ...about, status: 'cancelled', statusMessage: 'Nothing has run.' };
  // The SDK says so of results that it sends itself; this one lies inside another.
  if (isFinal(status) && result !== undefined)
    return { ...about, status: 'completed', result: { ...result, resultType: 'complete' } };
  return { ...about, status: 'working', statusMessage: needOf(session), pollIntervalMs: RETRY_AFTER_MS };
}
