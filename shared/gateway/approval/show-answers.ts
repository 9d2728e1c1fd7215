import type { Result } from '../../platform/result.ts';
import type { Ballot, BallotReceipt, BallotRefusal } from '../ports/ballot.ts';
import type { ReviewBallot, ReviewReceipt, ReviewRefusal } from '../ports/review-ballot.ts';
import type { AnnounceDeps } from './announce.ts';
import { refreshReviewed } from './cast-review.ts';
import { leftOpen, showVotes, type Afterwards } from './keep-up-to-date.ts';
import type { ReviewDeps } from './owed-reviews.ts';

type Cast<B, R, E> = (ballot: B) => Promise<Result<R, E>>;

/** The same vote, and the messages brought up to date after it is durable. */
export const showingVotes =
  (deps: AnnounceDeps, afterwards: Afterwards, cast: Cast<Ballot, BallotReceipt, BallotRefusal>): typeof cast =>
  async (ballot) => {
    const receipt = await cast(ballot);
    if (receipt.ok && leftOpen(receipt.value)) afterwards.begin(() => showVotes(deps, ballot.session));
    return receipt;
  };

/** The same review, and the messages brought up to date after it is durable. */
export const showingReviews =
  (deps: ReviewDeps, afterwards: Afterwards, cast: Cast<ReviewBallot, ReviewReceipt, ReviewRefusal>): typeof cast =>
  async (ballot) => {
    const receipt = await cast(ballot);
    if (receipt.ok) afterwards.begin(() => refreshReviewed(deps, ballot.session));
    return receipt;
  };
