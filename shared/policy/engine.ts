import type { Agent } from '../domain/caller.ts';
import type { ConnectionFacts } from '../domain/connection.ts';
import type { Decision } from '../domain/decision.ts';
import type { Effect } from '../domain/effect.ts';
import type { SourceColumn } from '../domain/lineage.ts';

/** What a statement is judged on, beside its effects. Every member is always present: a Cedar `forbid` that errors is skipped. */
export interface Circumstances {
  /** Groups whose quorum has been reached, proven by votes. */
  readonly approvals: readonly string[];
  /** The agent asked to run without waiting for people, and this is the question whether it may. */
  readonly breakGlass: boolean;
  /** The agent's own words; empty when it gave none. A claim of the caller, never a proof. */
  readonly reason: string;
  readonly ticket: string;
  readonly pipeline: string;
}

/** A classified column that would leave the gateway. */
export interface ClassifiedColumn extends SourceColumn {
  readonly class: string;
}

/** Judges by Cedar. Pure once built; never throws: a check that failed is a block. */
export interface PolicyEngine {
  /** Digest of the policies and the configuration they were loaded with. */
  readonly version: string;
  /** A policy asks for the planner's estimate, which costs a call to the target. */
  readonly wantsEstimate: boolean;
  /** May this agent know of this connection at all? (Cedar action `connect`.) */
  mayConnect(agent: Agent, connection: ConnectionFacts): boolean;
  /** Every effect must be permitted; see DESIGN section 2 for how an approval is found. */
  decide(agent: Agent, connection: ConnectionFacts, effects: readonly Effect[], circumstances: Circumstances): Decision;
  /** May this agent see this column's values? (Cedar action `reveal`.) */
  mayReveal(agent: Agent, connection: ConnectionFacts, column: ClassifiedColumn, circumstances: Circumstances): boolean;
}
