import type { JsonObject } from '../../../shared/platform/json-value.ts';
import type { Identity } from './identities.ts';

/** How long before it ended a token of the past was issued. */
const PAST_LIFETIME_SECONDS = 300;

/** The times of a token that lives `ttlSeconds` from now, or ended that long ago. In seconds since 1970. */
export function lifetimeOf(ttlSeconds: number, now: Date): { iat: number; exp: number } {
  const at = Math.floor(now.getTime() / 1_000);
  return { iat: ttlSeconds > 0 ? at : at + ttlSeconds - PAST_LIFETIME_SECONDS, exp: at + ttlSeconds };
}

/** What identifies: `sub`, the claims of the identity, and its `act` chain nested as RFC 8693 section 4.1 has it. */
export function identifyingClaims(identity: Identity): JsonObject {
  const act = identity.act.reduceRight<JsonObject | undefined>(
    (inner, { subject, issuer }) => ({
      sub: subject,
      ...(issuer === undefined ? {} : { iss: issuer }),
      ...(inner === undefined ? {} : { act: inner }),
    }),
    undefined,
  );
  return { ...identity.claims, sub: identity.subject, ...(act === undefined ? {} : { act }) };
}
