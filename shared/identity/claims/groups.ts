import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { badClaim, type IdentityRefusal } from '../refusal.ts';
import { claimAt } from './pointer.ts';

const MAX_GROUPS = 50;

/**
 * Groups that the issuer states. A malformed list refuses the token, since leaving out what cannot be read could leave
 * out the group that a policy forbids; a well-formed group that configuration does not know means nothing and is dropped.
 */
export function readGroups(
  claims: JsonObject,
  claim: string | undefined,
  known: ReadonlySet<string>,
): Result<readonly string[], IdentityRefusal> {
  const value = claim === undefined ? undefined : claimAt(claims, claim);
  if (claim === undefined || value === undefined) return ok([]);
  if (!Array.isArray(value) || value.length > MAX_GROUPS || !value.every(isGroup)) {
    return err(badClaim(claim, `is not a list of at most ${MAX_GROUPS} groups of 1 to 100 printable characters`));
  }
  return ok(value.filter((group) => known.has(group)));
}

const isGroup = (value: JsonValue): value is string => typeof value === 'string' && /^[\x21-\x7e ]{1,100}$/.test(value);
