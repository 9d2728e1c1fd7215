import type { ExecuteRequest } from '../contracts/api/execute.ts';
import type { Agent } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { MaskedResult } from '../domain/result-set.ts';
import type { Session } from '../domain/session.ts';
import { err, ok, type Result } from '../platform/result.ts';
import type { StoredSession } from './ports/session-store.ts';
import type { Workflow } from './ports/workflow.ts';
import type { JudgeDeps } from './run/judge.ts';
import type { TailDeps } from './run/run-statement.ts';

export interface ExecuteDeps extends TailDeps, JudgeDeps {
  readonly workflow: Workflow;
}

/** How a request ended here and now. A waiting session is an answer, not a refusal. */
export interface Answered {
  readonly session: Session;
  readonly result?: MaskedResult;
  readonly recorded: boolean;
  /** The same was asked already and waits: this is that session. */
  readonly joined?: true;
}

export interface Refused {
  readonly refusal: Refusal;
  readonly session?: string;
  readonly recorded: boolean;
}

export interface ExecuteCall {
  readonly agent: Agent;
  readonly request: ExecuteRequest;
  readonly idempotencyKey?: string;
  /** The caller can only repeat itself: a repeat of what people have answered gets that answer, once. */
  readonly collects?: true;
}

/** The same key and the same body: the same session. Another body, or a key that another agent's digest met: 409. */
export function repeated({ session, joinedBy }: StoredSession, requestDigest: string): Result<Answered, Refused> {
  if ((joinedBy ?? session.submitted.requestDigest) === requestDigest) return ok({ session, recorded: true });
  return err({ refusal: { code: 'idempotency_conflict' }, recorded: true });
}
