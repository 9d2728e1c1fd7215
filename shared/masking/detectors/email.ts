import type { Detector, Finding } from './finding.ts';

/** RFC 5322, 3.2.3 (atext) with the dot, and letters and digits of all scripts (RFC 6531). */
const LOCAL = /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]$/u;
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]$/u;
/** A domain of two labels or more, the last not a number: `lodash@4.17.21` is a version. */
const WHOLE =
  /^[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,62}(?:\.[\p{L}\p{M}\p{N}-]{1,63}){0,7}\.(?![0-9]{1,63}$)[\p{L}\p{M}\p{N}-]{2,63}$/u;

/**
 * Goes out from each `@`: both ways it stops at the next one at the latest, so every character is looked at twice. An
 * `@` that is written ` at ` or `(at)` is a person's way to hide it from us, and not looked for.
 */
export const findEmails: Detector = ({ text }) => {
  const found: Finding[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const start = startOfLocal(text, at);
    const end = endOfDomain(text, at + 1);
    if (isAddress(text.slice(start, at), text.slice(at + 1, end)) && !isPassword(text, start))
      found.push({ start, end, class: 'pii.email', rule: 'email' });
  }
  return found;
};

/** A name has a letter or digit; `logo@2x.png` is a picture for fine screens. */
const isAddress = (local: string, domain: string): boolean =>
  /[\p{L}\p{N}]/u.test(local) && WHOLE.test(domain) && !/^[1-9]x\.(?:png|jpe?g|gif|webp|avif|svg)$/i.test(domain);

/** `postgres://app:hunter2@db.internal`: between a colon and a host stands a password, which has its own rule. */
const isPassword = (text: string, start: number): boolean =>
  text[start - 1] === ':' && /:\/\/[^\s/@]{0,128}:$/.test(text.slice(Math.max(0, start - 140), start));

function startOfLocal(text: string, at: number): number {
  if (text[at - 1] === '"') return startOfQuoted(text, at);
  let start = at;
  while (start > 0) {
    const before = lastCharacter(text, start);
    if (!LOCAL.test(before)) break;
    start -= before.length;
  }
  return start;
}

/** `"ada lovelace"@example.com`: at most as long as a local part may be (RFC 5321, 4.5.3.1.1). */
function startOfQuoted(text: string, at: number): number {
  const open = text.lastIndexOf('"', at - 2);
  return open === -1 || at - open > 66 ? at : open;
}

function endOfDomain(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < 256) {
    const next = String.fromCodePoint(text.codePointAt(end) ?? 0);
    if (!DOMAIN.test(next)) break;
    end += next.length;
  }
  while (end > from && /[.-]/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

function lastCharacter(text: string, end: number): string {
  const unit = text.charCodeAt(end - 1);
  const isLow = unit >= 0xdc_00 && unit <= 0xdf_ff;
  return text.slice(isLow ? end - 2 : end - 1, end);
}
