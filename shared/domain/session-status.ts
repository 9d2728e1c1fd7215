/** Forward only: `pending_approval → running → succeeded | failed | unknown_outcome`, or one of the four that end it. */
export const SESSION_STATUSES = [
  'pending_approval',
  'running',
  'succeeded',
  'failed',
  'unknown_outcome',
  'blocked',
  'denied',
  'expired',
  'cancelled',
] as const;

export type SessionStatus = (typeof SESSION_STATUSES)[number];

const NEXT: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  // `blocked` from waiting: policy changed its mind between the votes and the run.
  pending_approval: ['running', 'blocked', 'denied', 'expired', 'cancelled', 'failed'],
  running: ['succeeded', 'failed', 'unknown_outcome'],
  succeeded: [],
  failed: [],
  unknown_outcome: [],
  blocked: [],
  denied: [],
  expired: [],
  cancelled: [],
};

export const mayBecome = (from: SessionStatus, to: SessionStatus): boolean => NEXT[from].includes(to);

export const isFinal = (status: SessionStatus): boolean => NEXT[status].length === 0;
