import type { Session } from './session.ts';
import { isFinal } from './session-status.ts';

/** What still has to happen to a session, and when somebody should look if nothing has. */
export interface OpenWork {
  readonly kind: 'unannounced' | 'waiting' | 'running' | 'unarchived';
  /** ISO 8601. */
  readonly due: string;
}

/** 45 s of target time at most, and as much again for a slow start: after it no runner can still be alive. */
export const RUNNER_SECONDS = 120;

/** Seconds each kind of work is given before the sweep looks after it. */
const PATIENCE_SECONDS = {
  /** Posting to Slack takes a second; its `Retry-After` is usually 30. */
  unannounced: 30,
  /** The workflow's own timer is first; this is for a workflow that never started. */
  expired: 15,
  /** From the last vote to the start of the run. */
  approved: 30,
  running: RUNNER_SECONDS,
  /** The stream archives within a second or two. */
  unarchived: 20,
} as const;

export function openWork(session: Session, announced: boolean): OpenWork {
  if (isFinal(session.status))
    return { kind: 'unarchived', due: later(session.updatedAt, PATIENCE_SECONDS.unarchived) };
  if (session.status === 'running') return { kind: 'running', due: later(session.updatedAt, PATIENCE_SECONDS.running) };
  if (session.ended !== undefined) return { kind: 'waiting', due: later(session.updatedAt, PATIENCE_SECONDS.approved) };
  if (!announced) return { kind: 'unannounced', due: later(session.updatedAt, PATIENCE_SECONDS.unannounced) };
  return { kind: 'waiting', due: later(session.asked?.expiresAt ?? session.updatedAt, PATIENCE_SECONDS.expired) };
}

const later = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1_000).toISOString();
