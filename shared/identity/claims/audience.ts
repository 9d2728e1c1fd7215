import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { member } from '../compact.ts';
import { badClaim, type IdentityRefusal } from '../refusal.ts';

/** A token for more services than this is for nobody in particular. */
const MAX_AUDIENCES = 10;

/** `aud` names us, byte for byte: a string, or a short list of strings (RFC 7519 section 4.1.3). */
export function checkAudience(claims: JsonObject, expected: string): Result<null, IdentityRefusal> {
  const aud = member(claims, 'aud');
  const list: readonly (JsonValue | undefined)[] = Array.isArray(aud) ? aud : [aud];
  if (list.length === 0 || list.length > MAX_AUDIENCES || !list.every(isAudience)) {
    return err(badClaim('aud', `is not a string or a list of 1 to ${MAX_AUDIENCES} strings`));
  }
  return list.includes(expected) ? ok(null) : err({ kind: 'wrong_audience', expected });
}

const isAudience = (value: JsonValue | undefined) =>
  typeof value === 'string' && value.length > 0 && value.length <= 1_000;
