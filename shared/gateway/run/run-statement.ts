import type { EventBody } from '../../domain/event.ts';
import type { MaskedResult, TargetOutcome } from '../../domain/result-set.ts';
import type { Session } from '../../domain/session.ts';
import type { Result } from '../../platform/result.ts';
import { span } from '../../platform/spans.ts';
import type { Agent } from '../../domain/caller.ts';
import type { LeaseUse } from '../../domain/lease.ts';
import type { OverQuota, QuotaScope } from '../../domain/quota.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Controls } from '../ports/controls.ts';
import type { KeyedDigests } from '../ports/keyed-digests.ts';
import type { HeldBack, SessionStore, StoreFault, StoredSession } from '../ports/session-store.ts';
import type { OutcomeSink } from '../record/pending-outcome.ts';
import type { SpareBlobs } from '../ports/spare-blobs.ts';
import type { Surroundings } from '../runtime.ts';
import type { ExecuteLimits } from '../../connectors/connector.ts';
import type { Judgement } from './judge.ts';
import { countUse } from './count-use.ts';
import { settle, type Showing } from './settle.ts';
import { recordIntent } from './record-intent.ts';
import { recordOutcome } from './record-outcome.ts';

export interface TailDeps extends Surroundings, OutcomeSink {
  readonly store: SessionStore;
  readonly blobs: BlobStore;
  readonly spare: SpareBlobs;
  readonly controls: Controls;
  readonly keyedDigests: KeyedDigests;
}

/** Whether this request is within its quotas. Asked for beside the judging, and awaited beside the intent. */
export type Admission = Promise<Result<void, OverQuota | StoreFault>>;

/** One run of one statement. */
export interface Run {
  /** A session that begins here, or one that waited and has been countersigned. */
  readonly from:
    { readonly kind: 'new'; readonly id: string } | { readonly kind: 'waiting'; readonly session: Session };
  /** What goes on record together with the intent, in the same write. */
  readonly before: readonly EventBody[];
  readonly agent: Agent;
  /** Whose quotas it counts for. */
  readonly scopes: readonly QuotaScope[];
  readonly admitted: Admission;
  /** The leases that it runs under: each gives one run, in the same write as the intent. */
  readonly leases?: readonly LeaseUse[];
  readonly judgement: Judgement;
  readonly showing: Showing;
  readonly limits: ExecuteLimits;
  readonly approvals: readonly string[];
  readonly seal?: string;
  /** Settles when everything the intent refers to is durable. */
  readonly stored: Promise<Result<unknown, StoreFault>>;
  /** What else begins with the run, beside the target and never instead of it: it cannot fail. */
  readonly begun?: (session: Session) => Promise<Result<void, never>>;
}

export type TailEnd =
  | { readonly kind: 'ran'; readonly session: Session; readonly result?: MaskedResult; readonly recorded: boolean }
  /** Somebody else's session has this id (an idempotent repeat), or somebody else moved it on. Nothing was run here. */
  | { readonly kind: 'exists'; readonly stored: StoredSession }
  | { readonly kind: 'conflict' }
  /** A stop, or a lease that is spent. Nothing was written. */
  | HeldBack
  /** The intent is on record, and after it that the statement was not run. */
  | { readonly kind: 'over_quota'; readonly over: OverQuota; readonly session: Session }
  | { readonly kind: 'record_unavailable' };

/**
 * The tail: the one way to a target, for immediate and approved statements alike.
 * Intent on record (one conditional write; without it nothing runs) → target → mask → outcome on record → answer.
 */
export async function runStatement(deps: TailDeps, run: Run): Promise<TailEnd> {
  const intended = await span('record', () => recordIntent(deps, run));
  if (intended.kind !== 'recorded') return intended;
  const startedAt = deps.clock().getTime();
  const [answer] = await Promise.all([span('target', () => callTarget(deps, run)), run.begun?.(intended.session)]);
  const { keyed } = intended;
  const targetMs = deps.clock().getTime() - startedAt;
  const settled = span('mask', () =>
    settle({ ...deps, keyed, session: intended.session.id }, answer, run.showing, targetMs),
  );
  const [{ session, recorded }] = await Promise.all([
    span('record', () => recordOutcome(deps, intended.session, settled)),
    countUse(deps, run, settled),
  ]);
  return { kind: 'ran', session, recorded, ...(settled.result === undefined ? {} : { result: settled.result }) };
}

/** A connector never throws; should one, whether it ran is not known, and that is what is said. */
async function callTarget(deps: TailDeps, run: Run): Promise<TargetOutcome> {
  const { connection, connector, statement, effects } = run.judgement;
  try {
    return await connector.execute(statement, connection, effects, run.limits);
  } catch (error) {
    deps.log.error('connector threw', {
      connection: connection.name,
      error: error instanceof Error ? error.name : 'unknown',
    });
    return { kind: 'unknown', message: 'The connector failed while the statement was under way.' };
  }
}
