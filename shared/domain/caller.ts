/** Somebody in the `act` chain of a token (RFC 8693 section 4.1): whom the bearer acts for or through. */
export interface Actor {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * The machine caller. Identified by `issuerUrl` + `subject`, never by a name: names can be re-registered.
 * `name` is the name of the claim rule that trusted it, for people to read.
 */
export interface Agent {
  readonly kind: 'agent';
  /** Name of the issuer in the configuration. */
  readonly issuer: string;
  readonly issuerUrl: string;
  readonly subject: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** Id of the person who answers for this agent, and who therefore may not approve for it. */
  readonly owner?: string;
  readonly act: readonly Actor[];
  /** The claims that the trust rule matched on, kept for policy and the record. */
  readonly claims: Readonly<Record<string, string>>;
}

/** An approver or auditor, as configuration knows them. */
export interface Person {
  readonly kind: 'person';
  readonly id: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** Every immutable identity of this person; compared with the agent's `act` chain. */
  readonly identities: readonly Actor[];
}

export type Caller = Agent | Person;

/** The one key of an agent: used for idempotency, listing and ownership. Length-prefixed, so no two pairs share one. */
export function agentKey(agent: Pick<Agent, 'issuerUrl' | 'subject'>): string {
  return `${String(agent.issuerUrl.length)}:${agent.issuerUrl}|${agent.subject}`;
}
