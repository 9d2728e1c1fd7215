/**
 * How `exec`, `check` and `wait` end, for scripts that branch on it. 1 is any other failure (the target refused it, the
 * gateway could not be reached), 2 a command that was typed wrongly.
 */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  blocked: 3,
  denied: 4,
  expired: 5,
  waiting: 6,
  unknown: 7,
} as const;

/** By the status of a session. */
const BY_STATUS: Readonly<Record<string, number>> = {
  succeeded: EXIT_CODES.done,
  blocked: EXIT_CODES.blocked,
  denied: EXIT_CODES.denied,
  expired: EXIT_CODES.expired,
  pending_approval: EXIT_CODES.waiting,
  running: EXIT_CODES.waiting,
  unknown_outcome: EXIT_CODES.unknown,
};

/** By the code of a problem. */
const BY_CODE: Readonly<Record<string, number>> = {
  blocked_by_policy: EXIT_CODES.blocked,
  stopped: EXIT_CODES.blocked,
  approval_denied: EXIT_CODES.denied,
  approval_expired: EXIT_CODES.expired,
  unknown_outcome: EXIT_CODES.unknown,
};

/** By the verdict of a check. */
const BY_VERDICT: Readonly<Record<string, number>> = {
  allow: EXIT_CODES.done,
  approval: EXIT_CODES.waiting,
  block: EXIT_CODES.blocked,
};

export const exitOfStatus = (status: string): number => BY_STATUS[status] ?? EXIT_CODES.failed;
export const exitOfCode = (code: string): number => BY_CODE[code] ?? EXIT_CODES.failed;
export const exitOfVerdict = (verdict: string): number => BY_VERDICT[verdict] ?? EXIT_CODES.failed;

export const EXIT_HELP = `
Exit codes: 0 done, 1 failed, 2 typed wrongly, 3 blocked, 4 denied, 5 expired, 6 waiting for people, 7 outcome unknown
(it may have run: look in the target before you send it again), 130 interrupted.`;
