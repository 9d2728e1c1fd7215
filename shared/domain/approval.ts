import type { Actor, Agent, Person } from './caller.ts';
import type { Ask } from './decision.ts';
import type { LeaseTerms } from './lease.ts';

/** One person's answer. It names the seal it is for, so a yes to one statement can never be spent on another. */
export interface Vote {
  readonly person: string;
  readonly verdict: 'approve' | 'deny';
  readonly seal: string;
  /** Groups of the person when the vote was cast, read from configuration at that moment. */
  readonly groups: readonly string[];
  readonly via: 'slack' | 'api';
  /** Whom Slack or the issuers of tokens know as this person, in ids that nobody else gets: configuration may change. */
  readonly as?: { readonly team: string; readonly user: string } | { readonly identities: readonly Actor[] };
  readonly at: string;
  readonly comment?: string;
  /** Granted with a yes: this shape, for a while. Its id follows from the session and the person. */
  readonly lease?: LeaseTerms;
}

export type Tally =
  | { readonly state: 'open'; readonly satisfied: readonly string[] }
  | { readonly state: 'approved'; readonly satisfied: readonly string[] }
  /** `by`: everyone whose no counted, in the order they said it. */
  | { readonly state: 'denied'; readonly by: readonly [Vote, ...Vote[]] };

/** The groups whose yes counts for a question: the one asked first, and the second once it has been asked. */
export function groupsOf(ask: Ask, escalated: readonly string[]): readonly string[] {
  const second = ask.escalation?.group;
  return second !== undefined && escalated.includes(second) ? [ask.group, second] : [ask.group];
}

/**
 * Counts votes: a quorum is of distinct people of one group, one person counts once for every group asked that they are
 * in, and as many denials as policy says (one, usually) end it. Who says something else later has changed their mind.
 * Votes for another seal count for nothing, and those of a second group only once it has been asked. Nobody asked, or a
 * quorum of nobody, is never a yes: an empty list of questions would otherwise approve by itself.
 */
export function tally(
  asks: readonly Ask[],
  votes: readonly Vote[],
  seal: string,
  escalated: readonly string[] = [],
): Tally {
  const valid = meant(votes.filter((vote) => vote.seal === seal));
  const denials = asks.map((ask) => deniersOf(ask, valid, escalated)).find((found) => found.length > 0) ?? [];
  const [first, ...others] = denials;
  if (first !== undefined) return { state: 'denied', by: [first, ...others] };
  const satisfying = asks.map((ask) =>
    groupsOf(ask, escalated).filter((group) => approversOf(valid, group) >= Math.max(1, ask.quorum)),
  );
  const satisfied = [...new Set(satisfying.flat())];
  return {
    state: asks.length > 0 && satisfying.every((groups) => groups.length > 0) ? 'approved' : 'open',
    satisfied,
  };
}

/** Those whose no ends it, each once; nobody while they are too few. */
function deniersOf(ask: Ask, valid: readonly Vote[], escalated: readonly string[]): readonly Vote[] {
  const groups = groupsOf(ask, escalated);
  const denials = valid
    .filter((vote) => vote.verdict === 'deny' && groups.some((group) => vote.groups.includes(group)))
    .filter((vote, at, all) => all.findIndex((other) => other.person === vote.person) === at);
  return denials.length >= Math.max(1, ask.denials ?? 1) ? denials : [];
}

/** Distinct people of the group who say yes. */
export function approversOf(votes: readonly Vote[], group: string): number {
  const yes = meant(votes).filter((vote) => vote.verdict === 'approve' && vote.groups.includes(group));
  return new Set(yes.map((vote) => vote.person)).size;
}

/** Votes of people who have not said otherwise since. */
function meant(votes: readonly Vote[]): readonly Vote[] {
  const last = new Map(votes.map((vote) => [vote.person, vote.verdict]));
  return votes.filter((vote) => last.get(vote.person) === vote.verdict);
}

/** What is still needed of a question: so many more of its group, or of the second one once that is asked. */
export interface Need {
  readonly group: string;
  readonly more: number;
  readonly or?: { readonly group: string; readonly more: number };
}

/** Questions whose quorum is not reached, in the order in which policy asks. */
export function needsOf(
  asks: readonly Ask[],
  votes: readonly Vote[],
  seal: string,
  escalated: readonly string[] = [],
): readonly Need[] {
  const own = votes.filter((vote) => vote.seal === seal);
  return asks.flatMap((ask) => {
    const [first, second] = groupsOf(ask, escalated).map((group) => ({
      group,
      more: Math.max(1, ask.quorum) - approversOf(own, group),
    }));
    if (first === undefined || first.more <= 0 || (second !== undefined && second.more <= 0)) return [];
    return [{ ...first, ...(second === undefined ? {} : { or: second }) }];
  });
}

/** "1 more of dba or 2 more of leads, and 1 more of security". */
export function describeNeeds(needs: readonly Need[]): string {
  const one = ({ group, more }: Omit<Need, 'or'>) => `${String(more)} more of ${group}`;
  return needs.map((need) => (need.or === undefined ? one(need) : `${one(need)} or ${one(need.or)}`)).join(', and ');
}

/** Why somebody may not vote on a session; `undefined` when they may. Compares immutable ids, never names. */
export function barredFromVoting(
  person: Person,
  agent: Agent,
  asks: readonly Ask[],
  escalated: readonly string[] = [],
): 'own_agent' | 'acts_for' | 'not_asked' | undefined {
  if (agent.owner === person.id) return 'own_agent';
  const involved: readonly Actor[] = [{ issuer: agent.issuerUrl, subject: agent.subject }, ...agent.act];
  if (involved.some((actor) => person.identities.some((own) => sameActor(own, actor)))) return 'acts_for';
  const asked = asks.flatMap((ask) => groupsOf(ask, escalated));
  return asked.some((group) => person.groups.includes(group)) ? undefined : 'not_asked';
}

const sameActor = (left: Actor, right: Actor): boolean =>
  left.issuer === right.issuer && left.subject === right.subject;
