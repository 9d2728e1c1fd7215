import { sha256Hex } from '../platform/canonical.ts';
import { agentKey, type Agent } from './caller.ts';

/** What a person stops: one agent, one connection, or everything. */
export type StopScope =
  | { readonly kind: 'agent'; readonly issuerUrl: string; readonly subject: string }
  | { readonly kind: 'connection'; readonly connection: string }
  | { readonly kind: 'all' };

/** A stop in force. Its id is that of the act that made it. */
export interface Stop {
  readonly id: string;
  readonly scope: StopScope;
  /** Id of the person. */
  readonly by: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** One key a scope, short whatever the subject: stopping the same thing twice is one stop. */
export function stopKey(scope: StopScope): string {
  switch (scope.kind) {
    case 'agent':
      return `agent:${sha256Hex(agentKey(scope)).slice(0, 32)}`;
    case 'connection':
      return `connection:${scope.connection}`;
    case 'all':
      return 'all';
  }
}

/** The keys of every stop that would hold a statement of this agent on this connection. */
export const stopKeysOf = (agent: Pick<Agent, 'issuerUrl' | 'subject'>, connection: string): readonly string[] => [
  'all',
  stopKey({ kind: 'connection', connection }),
  stopKey({ kind: 'agent', issuerUrl: agent.issuerUrl, subject: agent.subject }),
];

/** Whether a stop of this scope is about a statement of this agent on this connection. */
export const stopCovers = (
  scope: StopScope,
  agent: Pick<Agent, 'issuerUrl' | 'subject'>,
  connection: string,
): boolean => stopKeysOf(agent, connection).includes(stopKey(scope));
