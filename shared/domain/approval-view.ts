import type { Vote } from './approval.ts';
import type { Actor } from './caller.ts';
import type { Ask, PolicyRef } from './decision.ts';
import type { Effect } from './effect.ts';
import type { Impact } from './impact.ts';
import type { RowBound } from './row-bound.ts';
import type { ReviewClosed } from './review.ts';
import type { SessionStatus } from './session-status.ts';
import type { Parameters } from './statement.ts';
import type { JsonValue } from '../platform/json-value.ts';

/** All that an approver is shown, in Slack and over the API. Holds nothing that was not on record before it was shown. */
export interface ApprovalView {
  readonly session: string;
  readonly status: SessionStatus;
  readonly seal: string;
  /** The page where a person reads the whole session, and can answer it. */
  readonly link: string;
  readonly agent: { readonly name: string; readonly issuer: string; readonly subject: string };
  readonly act: readonly Actor[];
  readonly owner?: string;
  readonly connection: string;
  readonly environment: string;
  /** The agent's own words, unverified. */
  readonly reason?: string;
  readonly pipeline?: string;
  readonly ticket?: string;
  readonly prompt?: string;
  /** The exact statement, whole. */
  readonly statement: string;
  readonly parameters?: Parameters;
  readonly body?: JsonValue;
  /** What it would touch; absent until it has been found out. */
  readonly impact?: Impact;
  /** How many rows a yes is good for. Part of what the seal binds. */
  readonly bound?: RowBound;
  readonly effects: readonly Effect[];
  readonly policies: readonly PolicyRef[];
  readonly asks: readonly Ask[];
  readonly votes: readonly Vote[];
  /** An approver may answer for its like as well, for a while. */
  readonly leasable?: true;
  /** Second groups that are asked by now. */
  readonly escalated?: readonly string[];
  /** Set when nobody was asked: it ran at once, and those who were skipped owe a review. */
  readonly breakGlass?: { readonly reason: string; readonly review?: ReviewClosed };
  /** ISO 8601. */
  readonly expiresAt: string;
  /** How it ended, once it has: told to everyone. */
  readonly ending?: string;
}
