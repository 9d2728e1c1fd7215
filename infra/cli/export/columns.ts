import { agentKey } from '../../../shared/domain/caller.ts';
import type { Outcome } from '../../../shared/domain/event.ts';
import type { Session } from '../../../shared/domain/session.ts';

export type Cell = string | number | boolean | Date | null;

export interface Column {
  readonly name: string;
  /** The Parquet type; CSV and NDJSON follow from the value. */
  readonly type: 'STRING' | 'TIMESTAMP' | 'INT32' | 'DOUBLE';
  readonly of: (session: Session) => Cell;
}

const text = (name: string, of: (session: Session) => string | undefined): Column => ({
  name,
  type: 'STRING',
  of: (session) => of(session) ?? null,
});
const number = (name: string, type: 'INT32' | 'DOUBLE', of: (session: Session) => number | undefined): Column => ({
  name,
  type,
  of: (session) => of(session) ?? null,
});
const instant = (name: string, of: (session: Session) => string): Column => ({
  name,
  type: 'TIMESTAMP',
  of: (session) => new Date(of(session)),
});
const list = (values: Iterable<string>): string => [...new Set(values)].sort().join(' ');

/** A session as one flat row. Lists are joined by blanks: none of these names can hold one. */
export const COLUMNS: readonly Column[] = [
  text('session', ({ id }) => id),
  text('status', ({ status }) => status),
  instant('started_at', ({ startedAt }) => startedAt),
  instant('ended_at', ({ updatedAt }) => updatedAt),
  text('connection', ({ submitted }) => submitted.connection),
  text('environment', ({ submitted }) => submitted.environment),
  text('agent', ({ submitted }) => submitted.agent.name),
  text('agent_issuer', ({ submitted }) => submitted.agent.issuerUrl),
  text('agent_subject', ({ submitted }) => submitted.agent.subject),
  text('agent_key', ({ submitted }) => agentKey(submitted.agent)),
  text('pipeline', ({ submitted }) => claimed(submitted.claimed?.['pipeline'])),
  text('ticket', ({ submitted }) => claimed(submitted.claimed?.['ticket'])),
  text('reason', ({ submitted }) => submitted.reason),
  text('statement', ({ submitted: { statement } }) => ('text' in statement ? statement.text : undefined)),
  text('statement_sha256', ({ submitted: { statement } }) => ('blob' in statement ? statement.blob.sha256 : undefined)),
  text('verdict', ({ decided }) => decided?.decision.verdict),
  text('policies', ({ decided }) => list(decided?.decision.policies.map(({ id }) => id) ?? [])),
  text('policy_version', ({ decided }) => decided?.decision.policyVersion),
  text('actions', ({ decided }) => list(decided?.effects.map(({ action }) => action) ?? [])),
  // Quoted identifiers may hold blanks, so this one is JSON.
  text('resources', ({ decided }) =>
    JSON.stringify([...new Set(decided?.effects.map(({ resource }) => resource.name))]),
  ),
  text('seal', ({ asked }) => asked?.seal),
  text('approved_by', ({ votes }) =>
    list(votes.filter(({ verdict }) => verdict === 'approve').map(({ person }) => person)),
  ),
  text('denied_by', ({ votes }) => list(votes.filter(({ verdict }) => verdict === 'deny').map(({ person }) => person))),
  text('refused', ({ refused }) => refused?.code),
  text('error', ({ outcome }) => (outcome?.kind === 'failed' ? outcome.code : undefined)),
  number('rows', 'INT32', ({ outcome }) => shape(outcome)?.rowCount),
  text('masked', ({ outcome }) => shape(outcome)?.masked),
  number('target_ms', 'DOUBLE', ({ outcome }) => outcome?.targetMs),
  number('events', 'INT32', ({ events }) => events.length),
  text('chain_head', ({ head }) => head.hash),
];

/** Members of the claimed context are whatever the caller sent. */
const claimed = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function shape(outcome: Outcome | undefined): { rowCount: number; masked: string } | undefined {
  if (outcome?.kind !== 'succeeded') return undefined;
  const { rowCount, columns } = 'inline' in outcome.result ? outcome.result.inline : outcome.result;
  return { rowCount, masked: JSON.stringify(columns.filter(({ masked }) => masked).map(({ name }) => name)) };
}
