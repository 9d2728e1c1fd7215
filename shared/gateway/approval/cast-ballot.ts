import { barredFromVoting, tally, type Vote } from '../../domain/approval.ts';
import type { Person } from '../../domain/caller.ts';
import { extend } from '../../domain/chain.ts';
import type { Asked, EventBody } from '../../domain/event.ts';
import type { Session } from '../../domain/session.ts';
import { sessionOf } from '../../domain/session.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Ballot, BallotReceipt, BallotRefusal } from '../ports/ballot.ts';
import type { SessionStore, StoredSession } from '../ports/session-store.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { Surroundings } from '../runtime.ts';
import { voterOf } from './people.ts';
import { wakeWorkflow } from './wake-workflow.ts';

export interface BallotDeps extends Surroundings {
  readonly store: SessionStore;
  readonly workflow: Workflow;
}

/** Two people clicking at once conflict once each; more tries than people would be a fault of the store. */
const MAX_TRIES = 6;

/**
 * One person's answer. The vote is on record before the workflow hears of it, and counting is done over the record, so
 * double clicks, races and repeats end in one decision.
 */
export async function castBallot(deps: BallotDeps, ballot: Ballot): Promise<Result<BallotReceipt, BallotRefusal>> {
  const runtime = await deps.runtime.fresh();
  if (!runtime.ok) return err({ code: 'record_unavailable' });
  const person = voterOf(runtime.value.bundle.gateway, ballot.voter);
  if (person === undefined) return err({ code: 'unknown_voter' });
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const stored = await deps.store.get(ballot.session);
    if (!stored.ok) return err({ code: 'record_unavailable' });
    if (stored.value === undefined) return err({ code: 'session_not_found' });
    const ended = await castOnce(deps, stored.value, person, ballot);
    if (ended !== 'conflict') return ended;
    await deps.sleep(20 * (attempt + 1));
  }
  return err({ code: 'record_unavailable' });
}

async function castOnce(
  deps: BallotDeps,
  stored: StoredSession,
  person: Person,
  ballot: Ballot,
): Promise<Result<BallotReceipt, BallotRefusal> | 'conflict'> {
  const { session } = stored;
  const now = deps.clock();
  const admitted = admit(session, person, ballot, now);
  if (!admitted.ok) return admitted;
  if (admitted.value === 'already') return ok({ kind: 'already', status: session.status });
  const { asked } = admitted.value;
  const vote = voteOf(person, ballot, now);
  const bodies = [{ type: 'voted' as const, data: vote }, ...ending(asked, [...session.votes, vote], person)];
  const events = extend(session.id, session.head, bodies, now, deps.nonce);
  const written = await deps.store.append(session, events);
  if (!written.ok) return err({ code: 'record_unavailable' });
  if (written.value === 'conflict') return 'conflict';
  const after = sessionOf([...session.events, ...events]) ?? session;
  await wakeWorkflow(deps, after, stored.sideCar);
  return ok({ kind: 'counted', state: tally(asked.asks, after.votes, asked.seal).state, status: after.status });
}

/** May this ballot be counted? The order matters: whoever may not vote learns nothing of the seal. */
function admit(
  session: Session,
  person: Person,
  ballot: Ballot,
  now: Date,
): Result<'already' | { asked: Asked }, BallotRefusal> {
  const { asked } = session;
  if (asked === undefined) return err({ code: 'session_not_found' });
  const why = barredFromVoting(person, session.submitted.agent, asked.asks);
  if (why !== undefined) return err({ code: 'vote_not_allowed', why });
  if (ballot.seal !== asked.seal) return err({ code: 'seal_mismatch' });
  const last = session.votes.findLast((vote) => vote.person === person.id);
  if (last?.verdict === ballot.verdict) return ok('already');
  if (session.status !== 'pending_approval' || session.ended !== undefined) {
    return err({ code: 'approval_ended', status: session.ended?.how ?? session.status });
  }
  if (now.toISOString() >= asked.expiresAt) return err({ code: 'approval_ended', status: 'expired' });
  if (ballot.verdict === 'deny' && (ballot.comment ?? '').trim() === '') return err({ code: 'comment_required' });
  return ok({ asked });
}

function voteOf(person: Person, ballot: Ballot, now: Date): Vote {
  const comment = ballot.comment?.trim() ?? '';
  return {
    person: person.id,
    verdict: ballot.verdict,
    seal: ballot.seal,
    groups: person.groups,
    via: ballot.voter.via,
    at: now.toISOString(),
    ...(comment === '' ? {} : { comment }),
  };
}

function ending(asked: Asked, votes: readonly Vote[], person: Person): readonly EventBody[] {
  const count = tally(asked.asks, votes, asked.seal);
  switch (count.state) {
    case 'open':
      return [];
    case 'approved':
      return [{ type: 'ended', data: { how: 'approved', why: `Approved by ${approvers(votes)}.`, by: person.id } }];
    case 'denied':
      return [
        {
          type: 'ended',
          data: {
            how: 'denied',
            why: `${count.by.person}: ${count.by.comment ?? 'no reason given'}`,
            by: count.by.person,
          },
        },
      ];
  }
}

const approvers = (votes: readonly Vote[]): string =>
  [...new Set(votes.filter((vote) => vote.verdict === 'approve').map((vote) => vote.person))].join(', ');
