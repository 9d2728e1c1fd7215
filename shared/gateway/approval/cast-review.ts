import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { actOf } from '../../domain/act.ts';
import { barredFromVoting } from '../../domain/approval.ts';
import type { Person } from '../../domain/caller.ts';
import { reviewActId, type Review } from '../../domain/review.ts';
import type { Session } from '../../domain/session.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { ReviewBallot, ReviewReceipt, ReviewRefusal } from '../ports/review-ballot.ts';
import { voterOf } from './people.ts';
import { showMore } from './bring-up-to-date.ts';
import { tellWhoWasSkipped, type ReviewDeps } from './owed-reviews.ts';

/**
 * Closes the review of a broken glass. Who may is who might have voted: somebody of a group that was skipped, and
 * neither the agent's owner nor whom it acts for. The act is created once, so of two people who close it one is first.
 */
export async function castReview(
  deps: ReviewDeps,
  ballot: ReviewBallot,
): Promise<Result<ReviewReceipt, ReviewRefusal>> {
  const [runtime, stored, review] = await Promise.all([
    deps.runtime.fresh(),
    deps.store.get(ballot.session),
    deps.controls.reviews.get(ballot.session),
  ]);
  if (!runtime.ok || !stored.ok || !review.ok) return err({ code: 'record_unavailable' });
  const { gateway } = runtime.value.bundle;
  const person = voterOf(gateway, ballot.voter);
  const session = stored.value?.session;
  const bar = reviewBar(person, session);
  if (person === undefined || session === undefined || bar !== undefined)
    return err(bar ?? { code: 'session_not_found' });
  if (review.value === undefined) return err({ code: 'no_review_owed' });
  if (ballot.comment.trim() === '') return err({ code: 'comment_required' });
  return close(deps, gateway, review.value, person, ballot);
}

function reviewBar(person: Person | undefined, session: Session | undefined): ReviewRefusal | undefined {
  if (person === undefined) return { code: 'vote_not_allowed', why: 'unknown_voter' };
  if (session === undefined) return { code: 'session_not_found' };
  const asks = session.breakGlass?.skipped ?? session.asked?.asks;
  // Who could not see it learns nothing of it, not even that it exists.
  if (asks === undefined) return { code: 'session_not_found' };
  const why = barredFromVoting(person, session.submitted.agent, asks);
  if (why !== undefined) return { code: 'vote_not_allowed', why };
  return session.breakGlass === undefined ? { code: 'no_review_owed' } : undefined;
}

async function close(
  deps: ReviewDeps,
  config: GatewayConfig,
  review: Review,
  person: Person,
  ballot: ReviewBallot,
): Promise<Result<ReviewReceipt, ReviewRefusal>> {
  const id = reviewActId(review.session);
  const { session, verdict, voter } = ballot;
  const data = { session, verdict, comment: ballot.comment.trim(), via: voter.via };
  const act = actOf(id, { type: 'reviewed', data }, person.id, deps.clock(), deps.nonce());
  const before = await deps.controls.acts.get(id);
  if (!before.ok) return err({ code: 'record_unavailable' });
  const written = before.value === undefined && (await deps.controls.acts.create(act)).ok;
  const there = written ? ok(act) : await deps.controls.acts.get(id);
  if (!there.ok || there.value?.type !== 'reviewed') return err({ code: 'record_unavailable' });
  const first = there.value;
  if (!written && (first.by !== person.id || first.data.verdict !== verdict))
    return err({ code: 'review_closed', by: first.by, verdict: first.data.verdict });
  const { comment, via } = first.data;
  const closed = { by: first.by, at: first.at, act: id, verdict, comment, via };
  const after = new Date(deps.clock().getTime() + config.retention.liveDays * 86_400_000);
  const kept = await deps.controls.reviews.close({ ...review, closed }, after);
  // The act is what counts; the sweep finds a review that is closed and still due.
  if (!kept.ok) deps.log.warn('review closed, and still in the list; the sweep will', { session });
  return ok({ kind: written ? 'closed' : 'already', verdict });
}

/** Brings the messages about a broken glass up to date, after it was reviewed. A courtesy: the review stands without it. */
export async function refreshReviewed(deps: ReviewDeps, id: string): Promise<void> {
  const [runtime, stored, review] = await Promise.all([
    deps.runtime.current(),
    deps.store.get(id),
    deps.controls.reviews.get(id),
  ]);
  if (!runtime.ok || !stored.ok || stored.value === undefined || !review.ok) return;
  // Reviewed before all who were skipped could be told: they are told all the same.
  await tellWhoWasSkipped(deps, runtime.value.bundle.gateway, stored.value.session);
  await showMore(deps, runtime.value.bundle.gateway, stored.value.session, review.value);
}
