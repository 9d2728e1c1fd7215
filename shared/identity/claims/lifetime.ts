import type { JsonObject } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { member } from '../compact.ts';
import { badClaim, type IdentityRefusal } from '../refusal.ts';

/** Seconds that an issuer's clock may run ahead of ours. Expiry gets no such grace: expired is expired. */
const TOLERANCE_SECONDS = 30;
/** 9999-12-31T23:59:59Z, the last second that RFC 3339 can write and a Date can say plainly. */
const LAST_SECOND = 253_402_300_799;

/**
 * `exp`, `iat` and `nbf` (RFC 7519 section 4.1) against the clock and against each other. Lifetime is bounded by our
 * own configuration, not by the issuer's generosity. Answers when the token ends.
 */
export function checkLifetime(
  claims: JsonObject,
  now: Date,
  maxTokenSeconds: number,
): Result<{ expiresAt: Date }, IdentityRefusal> {
  const exp = seconds(claims, 'exp');
  if (!exp.ok) return exp;
  const iat = seconds(claims, 'iat');
  if (!iat.ok) return iat;
  const nbf = Object.hasOwn(claims, 'nbf') ? seconds(claims, 'nbf') : iat;
  if (!nbf.ok) return nbf;
  const at = now.getTime() / 1_000;
  if (exp.value <= iat.value) return err(badClaim('exp', 'is not after `iat`'));
  if (exp.value <= at) return err({ kind: 'expired', at: new Date(exp.value * 1_000) });
  const begins = Math.max(nbf.value, iat.value);
  if (begins > at + TOLERANCE_SECONDS) return err({ kind: 'not_yet_valid', at: new Date(begins * 1_000) });
  if (exp.value - iat.value > maxTokenSeconds) return err({ kind: 'lives_too_long', limitSeconds: maxTokenSeconds });
  return ok({ expiresAt: new Date(exp.value * 1_000) });
}

/** Whole seconds since 1970. Text, fractions, negatives and numbers past all dates are how libraries were misled. */
function seconds(claims: JsonObject, name: 'exp' | 'iat' | 'nbf'): Result<number, IdentityRefusal> {
  const value = member(claims, name);
  const valid = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= LAST_SECOND;
  return valid ? ok(value) : err(badClaim(name, 'is missing or not a whole number of seconds since 1970'));
}
