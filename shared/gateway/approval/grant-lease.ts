import type { Limits } from '../../contracts/config/limits.ts';
import type { Vote } from '../../domain/approval.ts';
import type { Person } from '../../domain/caller.ts';
import type { Ask } from '../../domain/decision.ts';
import type { Lease, LeaseTerms } from '../../domain/lease.ts';
import type { Session } from '../../domain/session.ts';
import { boundsFault } from '../../domain/shape.ts';
import { sha256Hex } from '../../platform/canonical.ts';

/** Groups by which this person may answer for the like of this statement: those asked that policy lets. */
const leasable = (asks: readonly Ask[], groups: readonly string[]): readonly Ask[] =>
  asks.filter((ask) => ask.leaseSeconds !== undefined && groups.includes(ask.group));

/** Why this person cannot grant this lease, naming the member; `undefined` when they can. */
export function leaseFault(
  { asked }: Session,
  person: Person,
  terms: LeaseTerms,
  limits: Limits['lease'],
): string | undefined {
  const asks = leasable(asked?.asks ?? [], person.groups);
  if (asked === undefined || asks.length === 0)
    return 'policy asks for this one statement only: there is no @lease on what asks your group.';
  if (asked.shape === undefined || asked.target === undefined)
    return 'this statement has no shape that could be leased; answer for this one.';
  const minutes = Math.min(limits.minutes, ...asks.map((ask) => Math.floor((ask.leaseSeconds ?? 0) / 60)));
  if (terms.minutes > minutes) return `minutes: at most ${minutes} here.`;
  if (terms.runs > limits.runs) return `runs: at most ${limits.runs}.`;
  if (terms.rows > limits.rows) return `rows: at most ${limits.rows}.`;
  return boundsFault(asked.shape, terms.bounds);
}

/** The lease that a recorded vote grants, always the same for the same vote; `undefined` when it grants none. */
export function grantedBy(session: Session, vote: Vote | undefined): Lease | undefined {
  const { asked, submitted, decided } = session;
  if (vote?.lease === undefined || asked?.shape === undefined || asked.target === undefined) return undefined;
  const { minutes, runs, rows, bounds } = vote.lease;
  return {
    id: `lease_${sha256Hex(JSON.stringify([session.id, vote.person])).slice(0, 32)}`,
    session: session.id,
    by: vote.person,
    groups: leasable(asked.asks, vote.groups).map((ask) => ask.group),
    agent: {
      issuer: submitted.agent.issuerUrl,
      subject: submitted.agent.subject,
      act: submitted.agent.act.map(({ issuer, subject }) => ({ issuer, subject })),
    },
    connection: submitted.connection,
    target: asked.target,
    policyVersion: decided?.decision.policyVersion ?? '',
    shape: asked.shape,
    bounds,
    grantedAt: vote.at,
    expiresAt: new Date(Date.parse(vote.at) + minutes * 60_000).toISOString(),
    runs,
    runsLeft: runs,
    rows,
    rowsLeft: rows,
  };
}
