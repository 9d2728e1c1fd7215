import type { Actor } from '../../domain/caller.ts';
import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { isObject, member } from '../compact.ts';
import { badClaim, type IdentityRefusal } from '../refusal.ts';

/** Delegation longer than this is nothing that a person can follow when asked to approve. */
const MAX_ACTORS = 5;

/**
 * Printable ASCII, at most 255 characters, no blank at either end (OpenID Connect Core 1.0 section 2). Control and
 * invisible characters would let two subjects look alike to an approver.
 */
const SUBJECT = /^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/;
const ISSUER = /^[\x21-\x7e]{1,500}$/;

export function readSubject(claims: JsonObject): Result<string, IdentityRefusal> {
  const sub = member(claims, 'sub');
  return isSubject(sub) ? ok(sub) : err(badClaim('sub', 'is missing or not 1 to 255 printable ASCII characters'));
}

/**
 * The `act` chain (RFC 8693 section 4.1), outermost first: who acts for the subject, through whom. Kept whole, since
 * nobody in it may approve. An actor without `iss` is one of the token's own issuer.
 */
export function readActors(claims: JsonObject, issuerUrl: string): Result<readonly Actor[], IdentityRefusal> {
  const actors: Actor[] = [];
  for (let holder = claims; Object.hasOwn(holder, 'act');) {
    const act = member(holder, 'act');
    if (!isObject(act)) return err(badClaim('act', 'is not an object'));
    if (actors.length === MAX_ACTORS) return err(badClaim('act', `names more than ${MAX_ACTORS} actors`));
    const subject = member(act, 'sub');
    const issuer = Object.hasOwn(act, 'iss') ? member(act, 'iss') : issuerUrl;
    if (!isSubject(subject) || typeof issuer !== 'string' || !ISSUER.test(issuer)) {
      return err(badClaim('act', 'names an actor without a proper `sub` and `iss`'));
    }
    actors.push({ issuer, subject });
    holder = act;
  }
  return ok(actors);
}

const isSubject = (value: JsonValue | undefined): value is string => typeof value === 'string' && SUBJECT.test(value);
