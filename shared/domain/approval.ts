import type { Actor, Agent, Person } from './caller.ts';
import type { Ask } from './decision.ts';

/** One person's answer. It names the seal it is for, so a yes to one statement can never be spent on another. */
export interface Vote {
  readonly person: string;
  readonly verdict: 'approve' | 'deny';
  readonly seal: string;
  /** Groups of the person when the vote was cast, read from configuration at that moment. */
  readonly groups: readonly string[];
  readonly via: 'slack' | 'api';
  readonly at: string;
  readonly comment?: string;
}

export type Tally =
  | { readonly state: 'open'; readonly satisfied: readonly string[] }
  | { readonly state: 'approved'; readonly satisfied: readonly string[] }
  | { readonly state: 'denied'; readonly by: Vote };

/**
 * Counts votes: a quorum is of distinct people, one person counts once for every group asked that they are in, and one
 * denial by somebody entitled ends it. Votes for another seal count for nothing. Nobody asked, or a quorum of nobody,
 * is never a yes: an empty list of questions would otherwise approve by itself.
 */
export function tally(asks: readonly Ask[], votes: readonly Vote[], seal: string): Tally {
  const valid = votes.filter((vote) => vote.seal === seal && asks.some((ask) => vote.groups.includes(ask.group)));
  const denial = valid.find((vote) => vote.verdict === 'deny');
  if (denial !== undefined) return { state: 'denied', by: denial };
  const satisfied = asks
    .filter((ask) => distinctApprovers(valid, ask.group) >= Math.max(1, ask.quorum))
    .map((ask) => ask.group);
  return { state: asks.length > 0 && satisfied.length === asks.length ? 'approved' : 'open', satisfied };
}

function distinctApprovers(votes: readonly Vote[], group: string): number {
  return new Set(votes.filter((vote) => vote.groups.includes(group)).map((vote) => vote.person)).size;
}

/** Why somebody may not vote on a session; `undefined` when they may. Compares immutable ids, never names. */
export function barredFromVoting(
  person: Person,
  agent: Agent,
  asks: readonly Ask[],
): 'own_agent' | 'acts_for' | 'not_asked' | undefined {
  if (agent.owner === person.id) return 'own_agent';
  const involved: readonly Actor[] = [{ issuer: agent.issuerUrl, subject: agent.subject }, ...agent.act];
  if (involved.some((actor) => person.identities.some((own) => sameActor(own, actor)))) return 'acts_for';
  return asks.some((ask) => person.groups.includes(ask.group)) ? undefined : 'not_asked';
}

const sameActor = (left: Actor, right: Actor): boolean =>
  left.issuer === right.issuer && left.subject === right.subject;
