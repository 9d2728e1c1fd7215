import type { MetricName } from '../shared/contracts/metrics.ts';

/**
 * Every alarm. Each has an article in RUNBOOK.md under `### Alarm: NAME`, to which its description links; a test holds
 * the two together. An alarm that nobody can act on is not here.
 */
export interface AlarmSpec {
  /** What it means that it rings, for whom it wakes. */
  readonly says: string;
  readonly of: AlarmSource;
  /** Rings when a value is at least this … */
  readonly threshold: number;
  /** … in so many periods in a row. */
  readonly periods: number;
  readonly periodMinutes: number;
  /** Silence is good news, unless the metric comes whether or not anybody asks anything. */
  readonly silence: 'fine' | 'alarming';
}

/** Whose metric it is: ours, by name and statistic, or one that AWS writes about a part of the stack. */
export type AlarmSource =
  | { readonly own: MetricName; readonly statistic: 'Sum' | 'Maximum' | 'p95' }
  | { readonly aws: 'dead-letters' | 'workflow-failed' | 'api-5xx' | 'table-throttled' }
  /** One alarm a function. */
  | { readonly functions: 'errors' | 'throttles' };

export const alarms = {
  'unknown-outcomes': {
    says: 'A statement may have run and nobody knows. No machine runs it again; a person must look.',
    of: { own: 'UnknownOutcomes', statistic: 'Sum' },
    ...{ threshold: 1, periods: 1, periodMinutes: 1, silence: 'fine' },
  },
  'outcomes-not-recorded': {
    says: 'A statement ran and its outcome could not be written.',
    of: { own: 'OutcomesNotRecorded', statistic: 'Sum' },
    ...{ threshold: 1, periods: 1, periodMinutes: 1, silence: 'fine' },
  },
  'configuration-faults': {
    says: 'The configuration cannot be read or does not hold together. The last good one serves for at most 30 minutes.',
    of: { own: 'ConfigurationFaults', statistic: 'Sum' },
    ...{ threshold: 1, periods: 1, periodMinutes: 1, silence: 'fine' },
  },
  'broken-glass': {
    says: 'A statement ran without waiting for the people whom policy names.',
    of: { own: 'BrokenGlass', statistic: 'Sum' },
    ...{ threshold: 1, periods: 1, periodMinutes: 1, silence: 'fine' },
  },
  unannounced: {
    says: 'Questions wait that nobody was told of. They expire unheard.',
    of: { own: 'Unannounced', statistic: 'Maximum' },
    ...{ threshold: 1, periods: 5, periodMinutes: 1, silence: 'fine' },
  },
  'callers-refused': {
    says: 'Many requests come without a token that the gateway trusts: somebody is trying, or an issuer has changed.',
    of: { own: 'CallersRefused', statistic: 'Sum' },
    ...{ threshold: 100, periods: 1, periodMinutes: 5, silence: 'fine' },
  },
  'decision-time': {
    says: 'Deciding takes seconds: policies have grown, or a database answers its catalogue slowly.',
    of: { own: 'DecisionTime', statistic: 'p95' },
    ...{ threshold: 2_000, periods: 3, periodMinutes: 5, silence: 'fine' },
  },
  'archive-lag': {
    says: 'Finished sessions reach the archive late. Nothing is lost: they stay in the table until they are there.',
    of: { own: 'ArchiveLag', statistic: 'Maximum' },
    // The stream delivers within a second or so, the sweep within minutes.
    ...{ threshold: 900_000, periods: 1, periodMinutes: 5, silence: 'fine' },
  },
  'digest-age': {
    says: 'The archive is not being signed. Sessions are archived all the same and stay in the live table.',
    of: { own: 'DigestAge', statistic: 'Maximum' },
    // An hour is signed within 12 minutes of its end, so the newest is never older than 72 minutes; twice that is wrong.
    ...{ threshold: 9_000, periods: 1, periodMinutes: 60, silence: 'alarming' },
  },
  errors: {
    says: 'Functions log errors, and go on doing so.',
    of: { own: 'Errors', statistic: 'Sum' },
    ...{ threshold: 5, periods: 2, periodMinutes: 5, silence: 'fine' },
  },
  'function-errors': {
    says: 'A function broke off: it timed out, ran out of memory, or did not start.',
    of: { functions: 'errors' },
    ...{ threshold: 1, periods: 1, periodMinutes: 5, silence: 'fine' },
  },
  'function-throttled': {
    says: 'Requests were turned away because all the concurrency kept for this function is in use.',
    of: { functions: 'throttles' },
    ...{ threshold: 1, periods: 1, periodMinutes: 5, silence: 'fine' },
  },
  'dead-letters': {
    says: 'Background work failed too often and was set aside.',
    of: { aws: 'dead-letters' },
    ...{ threshold: 1, periods: 1, periodMinutes: 5, silence: 'fine' },
  },
  'workflow-failed': {
    says: 'An approval workflow failed, was aborted or ran out of time. Its session is ended by the sweep.',
    of: { aws: 'workflow-failed' },
    ...{ threshold: 1, periods: 1, periodMinutes: 5, silence: 'fine' },
  },
  'api-5xx': {
    says: 'The API answers with faults of its own.',
    of: { aws: 'api-5xx' },
    ...{ threshold: 5, periods: 1, periodMinutes: 5, silence: 'fine' },
  },
  'table-throttled': {
    says: 'DynamoDB turned reads or writes away. What cannot be put on record does not run.',
    of: { aws: 'table-throttled' },
    ...{ threshold: 1, periods: 1, periodMinutes: 5, silence: 'fine' },
  },
} as const satisfies Readonly<Record<string, AlarmSpec>>;

export type AlarmName = keyof typeof alarms;
