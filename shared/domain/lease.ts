import type { Actor } from './caller.ts';
import { fitsLease, type Bound, type Shape } from './shape.ts';

/** What an approver grants beside the one statement: this shape, for so long, so often, over so many rows. */
export interface LeaseTerms {
  readonly minutes: number;
  readonly runs: number;
  /** Rows returned or changed, over all runs together. */
  readonly rows: number;
  readonly bounds: readonly Bound[];
}

/** A lease as it stands. It counts as the answer of one person, for what it is bound to and nothing else. */
export interface Lease {
  readonly id: string;
  /** The session whose approval granted it. */
  readonly session: string;
  /** Id of the person. */
  readonly by: string;
  /** Groups of the person, of those that were asked, when it was granted. */
  readonly groups: readonly string[];
  readonly agent: Actor & { readonly act: readonly Actor[] };
  readonly connection: string;
  /** Digest of where the connection points. */
  readonly target: string;
  readonly policyVersion: string;
  readonly shape: Shape;
  readonly bounds: readonly Bound[];
  /** ISO 8601. */
  readonly grantedAt: string;
  readonly expiresAt: string;
  readonly runs: number;
  readonly runsLeft: number;
  readonly rows: number;
  readonly rowsLeft: number;
  readonly revoked?: { readonly by: string; readonly at: string; readonly reason: string };
}

/** What is about to run, as far as a lease asks. */
export interface LeaseCase {
  readonly agent: Actor & { readonly act: readonly Actor[] };
  readonly connection: string;
  readonly target: string;
  readonly policyVersion: string;
  readonly shape: Shape;
  readonly now: Date;
}

/** Whether a lease is about this case at all; whether a run is left is for the conditional write to say. */
export function leaseFits(lease: Lease, one: LeaseCase): boolean {
  return (
    isActive(lease, one.now) &&
    lease.connection === one.connection &&
    lease.target === one.target &&
    lease.policyVersion === one.policyVersion &&
    sameActors([lease.agent, ...lease.agent.act], [one.agent, ...one.agent.act]) &&
    fitsLease(lease.shape, lease.bounds, one.shape)
  );
}

export const isActive = (lease: Lease, now: Date): boolean =>
  lease.revoked === undefined && lease.runsLeft > 0 && lease.rowsLeft > 0 && now.toISOString() < lease.expiresAt;

/** The same agent through the same chain: on behalf of somebody else it is somebody else's statement. */
const sameActors = (left: readonly Actor[], right: readonly Actor[]): boolean =>
  left.length === right.length &&
  left.every((actor, index) => actor.issuer === right[index]?.issuer && actor.subject === right[index].subject);

/** One run under a lease: the write that records the intent takes it, with `rows` of the budget set aside. */
export interface LeaseUse {
  readonly lease: string;
  readonly by: string;
  readonly rows: number;
}
