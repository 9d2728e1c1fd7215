import type { Ask } from './decision.ts';

/** How a person who was skipped closed the review of a broken glass. */
export interface ReviewClosed {
  /** Id of the person. */
  readonly by: string;
  readonly verdict: 'accepted' | 'objected';
  readonly comment: string;
  readonly via: 'slack' | 'api';
  /** ISO 8601. */
  readonly at: string;
  /** The act that holds it on record. */
  readonly act: string;
}

/** The review that a broken glass owes: from before it ran until one of those who were skipped has closed it. */
export interface Review {
  readonly session: string;
  /** Who was skipped: any one of these groups may close it. */
  readonly groups: readonly string[];
  /** ISO 8601. */
  readonly since: string;
  readonly closed?: ReviewClosed;
}

/** One a session, so that of two people who close a review one is first. */
export const reviewActId = (session: string): string => `act_review_${session}`;

/** Groups that were not asked, each once. */
export const skippedGroups = (skipped: readonly Ask[]): readonly string[] => [
  ...new Set(skipped.map((ask) => ask.group)),
];
