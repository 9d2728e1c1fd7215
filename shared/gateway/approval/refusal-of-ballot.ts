import type { Refusal } from '../../domain/refusal.ts';
import type { BallotRefusal } from '../ports/ballot.ts';

/** A ballot that was not counted, as a refusal over HTTP. */
export function refusalOfBallot(refusal: BallotRefusal): Refusal {
  return refusal.code === 'unknown_voter' ? { code: 'vote_not_allowed', why: 'unknown_voter' } : refusal;
}
