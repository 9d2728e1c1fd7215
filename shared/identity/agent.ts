import type { AgentIssuer, AgentRule } from '../contracts/config/issuer.ts';
import type { Agent } from '../domain/caller.ts';
import type { JsonObject, JsonValue } from '../platform/json-value.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { readGroups } from './claims/groups.ts';
import { claimAt } from './claims/pointer.ts';
import { readActors, readSubject } from './claims/subject.ts';
import type { IdentityRefusal } from './refusal.ts';

/** From verified claims to the agent that the first matching rule trusts. No rule matches: nobody. */
export function agentFrom(
  claims: JsonObject,
  issuer: AgentIssuer,
  knownGroups: ReadonlySet<string>,
): Result<Agent, IdentityRefusal> {
  const subject = readSubject(claims);
  if (!subject.ok) return subject;
  const act = readActors(claims, issuer.url);
  if (!act.ok) return act;
  const stated = readGroups(claims, issuer.groupsClaim, knownGroups);
  if (!stated.ok) return stated;
  const rule = issuer.rules.find((candidate) => matches(candidate, claims));
  if (!rule) return err({ kind: 'not_trusted', issuer: issuer.name });
  return ok({
    kind: 'agent',
    issuer: issuer.name,
    issuerUrl: issuer.url,
    subject: subject.value,
    name: rule.name,
    groups: [...new Set([...rule.groups, ...stated.value])].sort(),
    ...(rule.owner === undefined ? {} : { owner: rule.owner }),
    act: act.value,
    claims: Object.fromEntries(Object.entries(rule.claims).map(([claim, value]) => [claim, String(value)])),
  });
}

/** Every claim equals its value. A rule without claims matches nothing, whatever let it through. */
function matches(rule: AgentRule, claims: JsonObject): boolean {
  const wanted = Object.entries(rule.claims);
  return wanted.length > 0 && wanted.every(([claim, value]) => equals(claimAt(claims, claim), value));
}

/**
 * Ids are digits in some providers' tokens and text in others', so `123` equals `"123"`; nothing else is converted.
 * A number past 2^53 has lost digits on the way and equals nothing.
 */
function equals(actual: JsonValue | undefined, wanted: string | number | boolean): boolean {
  if (typeof actual === 'boolean' || typeof wanted === 'boolean') return actual === wanted;
  return isExact(actual) && isExact(wanted) && String(actual) === String(wanted);
}

const isExact = (value: JsonValue | undefined): value is string | number =>
  typeof value === 'string' || Number.isSafeInteger(value);
