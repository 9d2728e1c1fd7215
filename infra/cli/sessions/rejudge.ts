import type { Bundle } from '../../../shared/contracts/config/bundle.ts';
import type { Decision } from '../../../shared/domain/decision.ts';
import type { Decided } from '../../../shared/domain/event.ts';
import type { Session } from '../../../shared/domain/session.ts';
import { circumstancesOnRecord } from '../../../shared/gateway/intake/circumstances.ts';
import type { PolicyEngine } from '../../../shared/policy/engine.ts';

/** What other policies would have said of a session that is on record. */
export interface Rejudged {
  readonly session: string;
  readonly agent: string;
  readonly connection: string;
  readonly statement: string;
  readonly was: Decision['verdict'];
  readonly now: Decision['verdict'];
  /** Why, in the words of the policies that say so now. */
  readonly policies: readonly string[];
}

/**
 * Judges a session again, on what was found out then: the effects on record, the agent's groups of that day, its own
 * words. `undefined` for a session that was refused before any policy was asked. A connection that is not configured any
 * more is one that nothing permits.
 */
export function rejudge(session: Session, engine: PolicyEngine, gateway: Bundle['gateway']): Rejudged | undefined {
  const decided = firstDecision(session);
  if (decided === undefined) return undefined;
  const { submitted } = session;
  const connection = gateway.connections.find(({ name }) => name === submitted.connection);
  const decision =
    connection === undefined || !engine.mayConnect(submitted.agent, connection)
      ? undefined
      : engine.decide(submitted.agent, connection, decided.effects, circumstancesOnRecord(submitted, []));
  return {
    session: session.id,
    agent: submitted.agent.name,
    connection: submitted.connection,
    statement: 'text' in submitted.statement ? submitted.statement.text : `blob ${submitted.statement.blob.sha256}`,
    was: decided.decision.verdict,
    now: decision?.verdict ?? 'block',
    policies: decision?.policies.map(({ id }) => id) ?? ['(the agent may not know of this connection)'],
  };
}

/** At submission, before anyone had answered: the later one was made with the approvals already given. */
function firstDecision({ events }: Session): Decided | undefined {
  for (const event of events) if (event.type === 'decided') return event.data;
  return undefined;
}
