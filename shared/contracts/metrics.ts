/**
 * Every metric of the gateway. Its namespace in CloudWatch is the name of the stack. The dashboard, the alarms, the embedded stack's
 * `/metrics` and the documents are held to this table.
 *
 * One dimension, `service` with one value: CloudWatch bills each combination of name and dimensions as a metric of its
 * own, so an agent's or a connection's name as a dimension would let whoever sends statements run up the bill. Who it
 * was is in the same log line, as a property that Logs Insights can ask for.
 */
export const METRIC_SERVICE = 'countersign';

export interface MetricSpec {
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds';
  /** What one value of it is. */
  readonly says: string;
}

export const METRICS = {
  Requests: { unit: 'Count', says: 'A request of an agent went on record.' },
  Blocked: { unit: 'Count', says: 'A request was refused: by policy, or because it could not be judged.' },
  Asked: { unit: 'Count', says: 'People were asked to countersign.' },
  Approved: { unit: 'Count', says: 'The votes that were needed are in.' },
  Denied: { unit: 'Count', says: 'A person said no.' },
  Expired: { unit: 'Count', says: 'Nobody answered in time.' },
  Cancelled: { unit: 'Count', says: 'The agent, or a stop, took the request back.' },
  BrokenGlass: { unit: 'Count', says: 'A statement ran without waiting for the people whom policy names.' },
  Succeeded: { unit: 'Count', says: 'A statement ran and answered.' },
  Failed: { unit: 'Count', says: 'The target refused a statement, or it could not be started.' },
  UnknownOutcomes: { unit: 'Count', says: 'A statement may have run and nobody knows.' },
  DecisionTime: { unit: 'Milliseconds', says: 'From a statement to the decision: reading, names, policy.' },
  ApprovalLatency: { unit: 'Milliseconds', says: 'From the question to the last vote that was needed.' },
  TargetTime: { unit: 'Milliseconds', says: 'What the target took for a statement.' },
  ArchiveLag: { unit: 'Milliseconds', says: 'From the end of a session to its object in the archive.' },
  DigestAge: { unit: 'Seconds', says: 'How long ago the newest hour ended that has a signed digest.' },
  Unannounced: { unit: 'Count', says: 'Questions that were due to be announced and were not, at a sweep.' },
  CallersRefused: { unit: 'Count', says: 'A request came without a token that the gateway trusts.' },
  ConfigurationFaults: { unit: 'Count', says: 'The configuration could not be read, or does not hold together.' },
  OutcomesNotRecorded: { unit: 'Count', says: 'A statement ran and its outcome could not be written.' },
  Errors: { unit: 'Count', says: 'A function logged an error.' },
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type MetricName = keyof typeof METRICS;

/** Values measured at one moment. */
export type Measures = Readonly<Partial<Record<MetricName, number>>>;
