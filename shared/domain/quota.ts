/** What one agent, group or connection may use. Absent: not limited here. */
export interface Quota {
  readonly requestsPerMinute?: number | undefined;
  readonly rowsPerDay?: number | undefined;
  readonly bytesPerDay?: number | undefined;
  /** Approvals waiting at once. */
  readonly pending?: number | undefined;
}

export type QuotaMember = keyof Quota;

/** Whose quota: `name` is for people to read, `key` is for the counter. */
export interface QuotaScope {
  readonly kind: 'agent' | 'group' | 'connection';
  readonly key: string;
  readonly quota: Quota;
}

/** A quota that is used up, as the caller hears it. */
export interface OverQuota {
  readonly code: 'over_quota';
  readonly of: QuotaScope['kind'];
  readonly member: QuotaMember;
  readonly limit: number;
  readonly retryAfterSeconds: number;
}

const WORDS = {
  requestsPerMinute: 'requests a minute',
  rowsPerDay: 'rows a day',
  bytesPerDay: 'bytes of answers a day',
  pending: 'approvals pending at once',
} as const;

/** A quota in words: which, whose, and when it begins anew. */
export const describeOver = ({ of, member, limit, retryAfterSeconds }: OverQuota): string =>
  `The limit of ${limit} ${WORDS[member]} for ${of === 'agent' ? 'this agent' : `a ${of} that this is part of`} is used up. ` +
  `It begins anew in ${retryAfterSeconds} s.`;

/** UTC minute and day of a moment, as counters are named: `2026-11-21T10:05` and `2026-11-21`. */
export const minuteOf = (now: Date): string => now.toISOString().slice(0, 16);
export const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** Seconds until the window of a quota begins anew. */
export function secondsLeft(member: QuotaMember, now: Date): number {
  const window = member === 'requestsPerMinute' ? 60_000 : 86_400_000;
  return Math.max(1, Math.ceil((window - (now.getTime() % window)) / 1_000));
}
