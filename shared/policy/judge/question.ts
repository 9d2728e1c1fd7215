import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { Agent } from '../../domain/caller.ts';
import type { ConnectionFacts } from '../../domain/connection.ts';
import { uid } from '../words.ts';
import type { Circumstances } from '../engine.ts';

/** One question to Cedar: may this principal do this to that, here? Approvals are put in when it is asked. */
export interface Question {
  readonly action: string;
  readonly resource: TypeAndId;
  readonly principal: TypeAndId;
  readonly entities: readonly EntityJson[];
  /** Everything but `approvals`. */
  readonly context: Readonly<Record<string, CedarValueJson>>;
}

/** What a question is about, as an entity with its parents. */
export interface Subject {
  readonly action: string;
  readonly resource: EntityJson & { readonly uid: TypeAndId };
  readonly attributes: Readonly<Record<string, CedarValueJson>>;
}

export type Facts = Omit<Circumstances, 'approvals'>;

export function questionOf(
  agent: Agent,
  connection: ConnectionFacts,
  subject: Subject,
  { breakGlass, reason, ticket, pipeline }: Facts,
): Question {
  const principal = agentEntity(agent);
  const about = { name: connection.name, kind: connection.kind, environment: connection.environment };
  const own = subject.resource.uid.type === 'Connection';
  return {
    action: subject.action,
    principal: principal.uid,
    resource: subject.resource.uid,
    entities: own ? [principal, subject.resource] : [principal, subject.resource, connectionEntity(connection)],
    context: { ...subject.attributes, breakGlass, reason, ticket, pipeline, connection: about },
  };
}

function agentEntity(agent: Agent): EntityJson & { readonly uid: TypeAndId } {
  const attrs = {
    issuer: agent.issuer,
    subject: agent.subject,
    name: agent.name,
    owner: agent.owner ?? '',
    actors: agent.act.map((actor) => `${actor.issuer}/${actor.subject}`),
  };
  return {
    uid: uid.agent(agent.issuer, agent.subject),
    attrs,
    parents: [...new Set(agent.groups)].map(uid.group),
    tags: { ...agent.claims },
  };
}

export function connectionEntity(connection: ConnectionFacts): EntityJson & { readonly uid: TypeAndId } {
  return {
    uid: uid.connection(connection.name),
    attrs: { kind: connection.kind, name: connection.name, columns: [] },
    parents: [uid.environment(connection.environment)],
  };
}

/**
 * Lone surrogates become U+FFFD on their way into WebAssembly, so two names could become one there: nothing that is not
 * well-formed Unicode is judged. Numbers must be exact in JavaScript and in Cedar's 64 bits.
 */
export function isExact(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (Array.isArray(value)) return value.every(isExact);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).every(([key, item]) => key.isWellFormed() && isExact(item));
  return typeof value === 'boolean';
}
