import { barredFromVoting, tally, type Tally, type Vote } from '../../domain/approval.ts';
import type { Limits } from '../../contracts/config/limits.ts';
import type { Person } from '../../domain/caller.ts';
import type { Asked, EventBody } from '../../domain/event.ts';
import { awaitsMeasure } from '../../domain/row-bound.ts';
import type { Session } from '../../domain/session.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Ballot, BallotReceipt, BallotRefusal } from '../ports/ballot.ts';
import type { Controls } from '../ports/controls.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { Surroundings } from '../runtime.ts';
import { moveSession } from '../move-session.ts';
import { grantedBy, leaseFault } from './grant-lease.ts';
import { voterOf } from './people.ts';
import { wakeWorkflow } from './wake-workflow.ts';

export interface BallotDeps extends Surroundings {
  readonly store: SessionStore;
  readonly workflow: Workflow;
  readonly controls: Pick<Controls, 'leases'>;
}

/**
 * One person's answer. The vote is on record before the workflow hears of it, and counting is done over the record, so
 * double clicks, races and repeats end in one decision.
 */
export async function castBallot(deps: BallotDeps, ballot: Ballot): Promise<Result<BallotReceipt, BallotRefusal>> {
  const runtime = await deps.runtime.fresh();
  if (!runtime.ok) return err({ code: 'record_unavailable' });
  const person = voterOf(runtime.value.bundle.gateway, ballot.voter);
  if (person === undefined) return err({ code: 'unknown_voter' });
  const moved = await moveSession(deps, ballot.session, (session, now) =>
    vote(session, person, ballot, { now, leases: runtime.value.bundle.gateway.limits.lease }),
  );
  if (!moved.ok) return moved;
  const { session, sideCar, changed } = moved.value;
  // After the vote, and again when it is repeated: a lease that could not be kept is kept by pressing once more.
  const granted = grantedBy(
    session,
    session.votes.findLast((cast) => cast.person === person.id),
  );
  if (granted !== undefined && !(await deps.controls.leases.create(granted)).ok)
    return err({ code: 'record_unavailable' });
  const lease = granted === undefined ? {} : { lease: granted.id };
  if (!changed) return ok({ kind: 'already', status: session.status, ...lease });
  await wakeWorkflow(deps, session, sideCar);
  const state = session.ended?.how === 'approved' || session.ended?.how === 'denied' ? session.ended.how : 'open';
  return ok({ kind: 'counted', verdict: ballot.verdict, state, status: session.status, ...lease });
}

/** What this ballot adds to the session as it is now. Nothing, when the person has already said the same. */
function vote(
  session: Session,
  person: Person,
  ballot: Ballot,
  { now, leases }: { readonly now: Date; readonly leases: Limits['lease'] },
): Result<readonly EventBody[], BallotRefusal> {
  const { asked } = session;
  if (asked === undefined) return err({ code: 'session_not_found' });
  // The order matters: whoever may not vote learns nothing of the seal.
  const why = barredFromVoting(person, session.submitted.agent, asked.asks, session.escalated);
  if (why !== undefined) return err({ code: 'vote_not_allowed', why });
  if (!isSealNow(session, asked, ballot.seal)) return err({ code: 'seal_mismatch' });
  if (session.votes.findLast((earlier) => earlier.person === person.id)?.verdict === ballot.verdict) return ok([]);
  const over = overAlready(session, asked, now);
  if (over !== undefined) return err({ code: 'approval_ended', status: over });
  if (ballot.verdict === 'deny' && (ballot.comment ?? '').trim() === '') return err({ code: 'comment_required' });
  const fault = ballot.lease === undefined ? undefined : leaseFault(session, person, ballot.lease, leases);
  if (fault !== undefined) return err({ code: 'lease_not_allowed', detail: fault });
  const cast = voteOf(person, ballot, now);
  const counted = tally(asked.asks, [...session.votes, cast], asked.seal, session.escalated);
  return ok([{ type: 'voted', data: cast }, ...ending(counted, [...session.votes, cast], person)]);
}

/** A question that is bound to a measured number gets the seal that counts with that number. */
const isSealNow = (session: Session, asked: Asked, seal: string): boolean =>
  seal === asked.seal && !awaitsMeasure(asked.bound, session.impact);

/** How the waiting ended, if it has: by the record, or by the clock before the record knows. */
function overAlready(session: Session, asked: Asked, now: Date): string | undefined {
  if (session.ended !== undefined) return session.ended.how;
  if (session.status !== 'pending_approval') return session.status;
  return now.toISOString() >= asked.expiresAt ? 'expired' : undefined;
}

function voteOf(person: Person, ballot: Ballot, now: Date): Vote {
  const comment = ballot.comment?.trim() ?? '';
  return {
    person: person.id,
    verdict: ballot.verdict,
    seal: ballot.seal,
    groups: person.groups,
    via: ballot.voter.via,
    as: ballot.voter.via === 'slack' ? slackIds(ballot.voter) : { identities: person.identities },
    at: now.toISOString(),
    ...(comment === '' ? {} : { comment }),
    ...(ballot.lease === undefined || ballot.verdict === 'deny' ? {} : { lease: ballot.lease }),
  };
}

const slackIds = ({ team, user }: { readonly team: string; readonly user: string }) => ({ team, user });

function ending(count: Tally, votes: readonly Vote[], person: Person): readonly EventBody[] {
  switch (count.state) {
    case 'open':
      return [];
    case 'approved':
      return [{ type: 'ended', data: { how: 'approved', why: `Approved by ${approvers(votes)}.`, by: person.id } }];
    case 'denied':
      return [{ type: 'ended', data: { how: 'denied', why: count.by.map(said).join(' '), by: person.id } }];
  }
}

const said = (denial: Vote): string => `${denial.person}: ${denial.comment ?? 'no reason given'}`;

/** Those who say yes now: who changed to a no is none of them. */
const approvers = (votes: readonly Vote[]): string =>
  [...new Set(votes.map((vote) => vote.person))]
    .filter((person) => votes.findLast((vote) => vote.person === person)?.verdict === 'approve')
    .join(', ');
