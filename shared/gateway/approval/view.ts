import type { ApprovalView } from '../../domain/approval-view.ts';
import type { Asked } from '../../domain/event.ts';
import type { ReviewClosed } from '../../domain/review.ts';
import type { Session } from '../../domain/session.ts';
import { isFinal } from '../../domain/session-status.ts';
import type { GatewayConfig } from '../../contracts/config/gateway.ts';

/** What an approver is shown of a session, or whom it skipped. Everything in it was on record before it is shown. */
export function approvalView(
  config: GatewayConfig,
  session: Session,
  statement: string,
  review?: ReviewClosed,
): ApprovalView | undefined {
  const { submitted } = session;
  const { agent } = submitted;
  const asked = session.asked ?? skipped(session);
  if (asked === undefined) return undefined;
  return {
    session: session.id,
    status: session.status,
    seal: asked.seal,
    link: `${config.publicUrl.replace(/\/$/, '')}/sessions/${session.id}`,
    agent: { name: agent.name, issuer: agent.issuerUrl, subject: agent.subject },
    act: agent.act,
    ...optional('owner', agent.owner),
    connection: submitted.connection,
    environment: submitted.environment ?? '',
    ...optional('reason', submitted.reason),
    ...optional('pipeline', claimedText(session, 'pipeline')),
    ...optional('ticket', claimedText(session, 'ticket')),
    ...optional('prompt', claimedText(session, 'prompt')),
    statement,
    ...optional('impact', session.impact),
    ...optional('bound', asked.bound),
    ...optional('parameters', submitted.parameters),
    ...optional('body', submitted.body),
    effects: session.decided?.effects ?? [],
    policies: session.decided?.decision.policies ?? [],
    asks: asked.asks,
    votes: session.votes,
    ...(session.asked?.shape === undefined ? {} : { leasable: true as const }),
    escalated: session.escalated,
    expiresAt: asked.expiresAt,
    ...optional('breakGlass', glassOf(session, review)),
    ...optional('ending', endingOf(session)),
  };
}

/** A broken glass has no seal and no end: nothing of it can be answered any more. */
const skipped = ({
  breakGlass,
  startedAt,
}: Session): Pick<Asked, 'asks' | 'seal' | 'expiresAt' | 'bound'> | undefined =>
  breakGlass === undefined ? undefined : { asks: breakGlass.skipped, seal: '', expiresAt: startedAt };

const glassOf = ({ breakGlass }: Session, review: ReviewClosed | undefined): ApprovalView['breakGlass'] =>
  breakGlass === undefined ? undefined : { reason: breakGlass.reason, ...optional('review', review) };

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : record(name, value);
}

function record<K extends string, V>(name: K, value: V): Partial<Record<K, V>> {
  const made: Partial<Record<K, V>> = {};
  made[name] = value;
  return made;
}

function claimedText(session: Session, member: string): string | undefined {
  const value = session.submitted.claimed?.[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function endingOf(session: Session): string | undefined {
  const { ended, outcome } = session;
  if (outcome !== undefined) return `${ended?.why ?? ''} ${OUTCOMES[outcome.kind]}`.trim();
  if (isFinal(session.status) || ended !== undefined) return ended?.why ?? `It is ${session.status}.`;
  return undefined;
}

const OUTCOMES = {
  succeeded: 'It has run.',
  failed: 'It was run and the target refused it; nothing was kept.',
  unknown_outcome: 'It may have run; its outcome is not known.',
} as const;
