import type { Issuer } from '../contracts/config/issuer.ts';
import type { GroupConfig, PersonConfig } from '../contracts/config/people.ts';
import type { Caller, Person } from '../domain/caller.ts';
import type { Clock } from '../platform/clock.ts';
import type { JsonObject } from '../platform/json-value.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { agentFrom } from './agent.ts';
import { bearerToken } from './bearer.ts';
import { checkAudience } from './claims/audience.ts';
import { checkLifetime } from './claims/lifetime.ts';
import { readActors, readSubject } from './claims/subject.ts';
import { member, parseCompact, parseObject } from './compact.ts';
import type { IssuerKeys } from './keys/issuer-keys.ts';
import { peopleByIdentity } from './person.ts';
import { badClaim, unsupported, type IdentityRefusal } from './refusal.ts';
import { rememberTokens } from './remembered.ts';
import { verifySignature } from './signature.ts';
import { readHeader, type TokenHeader } from './token-header.ts';

export interface Authenticator {
  /** Who is calling, from the Authorization header. Never throws. */
  authenticate(header: string | undefined): Promise<Result<Caller, IdentityRefusal>>;
}

export interface AuthenticatorOptions {
  readonly issuers: readonly Issuer[];
  readonly people: readonly PersonConfig[];
  readonly groups: readonly GroupConfig[];
  readonly keys: IssuerKeys;
  readonly clock: Clock;
}

interface Verified {
  readonly issuer: Issuer;
  readonly claims: JsonObject;
}

/** One configuration's authenticator. New configuration, new authenticator: nothing remembered outlives its rules. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { issuers, clock } = options;
  const byUrl = new Map(issuers.map((issuer) => [issuer.url, issuer]));
  if (byUrl.size !== issuers.length) throw new TypeError('two issuers share one URL; configuration was not validated');
  const knownGroups = new Set(options.groups.map((group) => group.name));
  const findPerson = peopleByIdentity(options.people, issuers);
  const remembered = rememberTokens<Caller>();

  return {
    async authenticate(header) {
      const token = bearerToken(header);
      if (!token.ok) return token;
      const known = remembered.get(token.value, clock());
      if (known) return ok(known);
      const verified = await verify(token.value, byUrl, options.keys);
      if (!verified.ok) return verified;
      const { issuer, claims } = verified.value;
      const now = clock();
      const lifetime = checkUse(claims, issuer, now);
      if (!lifetime.ok) return lifetime;
      const caller =
        issuer.for === 'agents' ? agentFrom(claims, issuer, knownGroups) : personFrom(claims, issuer, findPerson);
      if (caller.ok) remembered.put(token.value, caller.value, lifetime.value.expiresAt, now);
      return caller;
    },
  };
}

/** Shape, header, issuer, key, signature: after it the claims are what the issuer said, and nothing more is known. */
async function verify(
  token: string,
  byUrl: ReadonlyMap<string, Issuer>,
  keys: IssuerKeys,
): Promise<Result<Verified, IdentityRefusal>> {
  const jws = parseCompact(token);
  if (!jws.ok) return jws;
  const header = readHeader(jws.value.header);
  if (!header.ok) return header;
  const claims = parseObject(jws.value.payload, 'payload');
  if (!claims.ok) return claims;
  const iss = member(claims.value, 'iss');
  const issuer = typeof iss === 'string' ? byUrl.get(iss) : undefined;
  if (!issuer) return err({ kind: 'unknown_issuer' });
  const allowed = checkIssuerAllows(header.value, issuer);
  if (!allowed.ok) return allowed;
  const key = await keys.find(issuer, header.value.alg, header.value.kid);
  if (!key.ok) return key;
  const signature = await verifySignature(jws.value, header.value.alg, key.value);
  return signature.ok ? ok({ issuer, claims: claims.value }) : signature;
}

function checkIssuerAllows(header: TokenHeader, issuer: Issuer): Result<null, IdentityRefusal> {
  if (!issuer.algorithms.includes(header.alg)) return err(unsupported('its `alg` is not one that its issuer may use'));
  if (issuer.accessTokensOnly && header.typ !== 'at+jwt') {
    return err(unsupported('it is not an access token (`typ: at+jwt`)'));
  }
  return ok(null);
}

/** Whether a genuine token may be used here, so, and now. */
function checkUse(claims: JsonObject, issuer: Issuer, now: Date): Result<{ expiresAt: Date }, IdentityRefusal> {
  // A token bound to its holder's key (RFC 8705, RFC 9449) proves nothing in the hands of who merely carries it.
  if (Object.hasOwn(claims, 'cnf')) return err({ kind: 'sender_constrained' });
  // Logout tokens and security events (RFC 8417) are statements about a subject, not permissions for its bearer.
  if (Object.hasOwn(claims, 'events')) return err(badClaim('events', 'marks a security event, not a permission'));
  const audience = checkAudience(claims, issuer.audience);
  return audience.ok ? checkLifetime(claims, now, issuer.maxTokenSeconds) : audience;
}

/** A person speaks for themselves: a token that somebody else holds for them (`act`) may not vote. */
function personFrom(
  claims: JsonObject,
  issuer: Issuer,
  find: (issuer: Issuer, subject: string) => Person | undefined,
): Result<Person, IdentityRefusal> {
  const subject = readSubject(claims);
  if (!subject.ok) return subject;
  const act = readActors(claims, issuer.url);
  if (!act.ok) return act;
  if (act.value.length > 0) return err(badClaim('act', 'shows that somebody else acts for this person'));
  const person = find(issuer, subject.value);
  return person ? ok(person) : err({ kind: 'unknown_person', issuer: issuer.name });
}
