import type { SessionStory, SessionView } from '../contracts/api/session-view.ts';
import { findChainFault } from '../domain/chain.ts';
import { needsOf } from '../domain/approval.ts';
import type { Asked, BreakGlass, Decided } from '../domain/event.ts';
import type { MaskedResult } from '../domain/result-set.ts';
import { skippedGroups, type Review } from '../domain/review.ts';
import type { Session } from '../domain/session.ts';
import { toJson, type JsonObject } from '../platform/json-value.ts';
import { fitting } from './fitting-result.ts';
import { groupsAsked, whatIsNeeded } from './tell-agent.ts';
import { archiveKey } from './record/archive-session.ts';

/**
 * A session as everyone sees it. `result` is the masked answer, already at hand or read from S3; `review` is what a
 * broken glass owes, where it was read.
 */
export function viewSession(session: Session, result?: MaskedResult, review?: Review): SessionView {
  const { agent, connection } = session.submitted;
  const self = `/v1/sessions/${session.id}`;
  return {
    session: session.id,
    status: session.status,
    connection,
    startedAt: session.startedAt,
    updatedAt: session.updatedAt,
    agent: { name: agent.name, issuer: agent.issuerUrl, subject: agent.subject },
    ...(session.decided === undefined
      ? {}
      : { decision: viewDecision(session.decided.decision), effects: session.decided.effects }),
    ...(session.asked === undefined
      ? {}
      : { seal: session.asked.seal, approval: viewApproval(session, session.asked) }),
    ...(session.breakGlass === undefined ? {} : { breakGlass: viewGlass(session.breakGlass, review) }),
    ...(session.ended === undefined ? {} : { ended: session.ended }),
    ...(result === undefined ? {} : { result: fitting(result) }),
    ...viewError(session),
    links: { self, poll: `${self}?wait=20` },
  };
}

/** What lies beside a session's chain, where it was read: the answer, the review, the statement whole. */
interface ReadBeside {
  readonly result?: MaskedResult | undefined;
  readonly review?: Review | undefined;
  readonly statement?: string | undefined;
}

/** The same with what was submitted, every event, and whether the chain holds. */
export function viewStory(session: Session, { result, review, statement }: ReadBeside = {}): SessionStory {
  const fault = findChainFault(session.events);
  return {
    ...viewSession(session, result, review),
    submitted: objectOf(session.submitted),
    ...(statement === undefined ? {} : { statement }),
    events: session.events.map(objectOf),
    chain: { valid: fault === undefined, head: session.head.hash, length: session.events.length },
    archive: archiveKey(session),
  };
}

export function viewDecision(decision: Decided['decision']): SessionView['decision'] & object {
  const { verdict, policies, policyVersion } = decision;
  const why = decision.verdict === 'block' && decision.why !== undefined ? { why: decision.why } : {};
  return { verdict, policies, policyVersion, ...why };
}

function viewApproval(session: Session, asked: Asked): SessionView['approval'] & object {
  const detail = whatIsNeeded(session, asked);
  return {
    groups: groupsAsked(session, asked),
    needed: session.ended === undefined ? needsOf(asked.asks, session.votes, asked.seal, session.escalated) : [],
    ...(detail === undefined ? {} : { detail }),
    quorum: asked.asks.reduce((sum, one) => sum + one.quorum, 0),
    asks: asked.asks,
    ...(session.impact === undefined ? {} : { impact: session.impact }),
    ...(asked.bound === undefined ? {} : { bound: asked.bound }),
    expiresAt: asked.expiresAt,
    ...(asked.shape === undefined ? {} : { shape: asked.shape }),
    votes: session.votes.map(({ person, verdict, via, at, comment }) => ({
      person,
      verdict,
      via,
      at,
      ...(comment === undefined ? {} : { comment }),
    })),
  };
}

function viewGlass({ reason, skipped }: BreakGlass, review: Review | undefined): SessionView['breakGlass'] & object {
  const state = review?.closed?.verdict ?? 'owed';
  return {
    reason,
    skipped: skippedGroups(skipped),
    ...(review === undefined ? {} : { review: { state, ...review.closed } }),
  };
}

function viewError(session: Session): Pick<SessionView, 'error'> {
  const { outcome, refused } = session;
  if (outcome?.kind === 'failed') return { error: { code: outcome.code, detail: outcome.message } };
  if (outcome?.kind === 'unknown_outcome') return { error: { code: 'unknown_outcome', detail: outcome.message } };
  return refused === undefined ? {} : { error: { code: refused.code, detail: refused.message } };
}

function objectOf(value: object): JsonObject {
  const json = toJson(value);
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? Object.fromEntries(Object.entries(json))
    : {};
}
