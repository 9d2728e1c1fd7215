import { describeNeeds, groupsOf, needsOf } from '../domain/approval.ts';
import type { Asked } from '../domain/event.ts';
import type { Session } from '../domain/session.ts';

/** What an agent that waits is told: what is needed, from whom, until when, who has answered, and what to do. */
export function whatIsNeeded(session: Session, asked: Asked): string | undefined {
  if (session.status !== 'pending_approval') return undefined;
  if (session.ended !== undefined) return 'It is approved and about to run. Keep polling `links.poll`.';
  return `Nothing has run. ${whoIsNeeded(session, asked)} Poll \`links.poll\`; do not send it again.`;
}

/** From whom, until when, and who has answered. */
export function whoIsNeeded(session: Session, asked: Asked): string {
  const needs = describeNeeds(needsOf(asked.asks, session.votes, asked.seal, session.escalated));
  return `Needed: ${needs}, until ${asked.expiresAt}. ${soFar(session)}`;
}

/** Why a question ran out, with what it was short of: nobody said that it must not run. */
export function whyExpired(session: Session): string {
  const { asked } = session;
  if (session.ended !== undefined) return 'The approval came as its time ran out.';
  if (asked === undefined) return 'Not enough people answered in time.';
  const needs = describeNeeds(needsOf(asked.asks, session.votes, asked.seal, session.escalated));
  return `Not enough people answered in time: ${needs} would have been needed. ${soFar(session).replace(' yet', '')}`;
}

function soFar({ asked, votes }: Session): string {
  const counted = votes.filter((vote) => vote.seal === asked?.seal);
  const last = counted.filter((vote, at) => !counted.slice(at + 1).some(({ person }) => person === vote.person));
  if (last.length === 0) return 'Nobody has answered yet.';
  return `${last.map(({ person, verdict }) => `${person} said ${verdict === 'approve' ? 'yes' : 'no'}`).join(', ')} so far.`;
}

/** Groups that are asked by now. */
export const groupsAsked = (session: Session, asked: Asked): readonly string[] => [
  ...new Set(asked.asks.flatMap((ask) => groupsOf(ask, session.escalated))),
];
