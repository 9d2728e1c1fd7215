import { entropyOf } from './entropy.ts';

/** Of an alphabet of keys. */
const ALPHABET = /^[\w.=+/:~|$!@#%^&*-]+$/;
/** Names of files and hosts; addresses and days are told apart by how they begin. */
const IS_NAME = /^[\w-]+\.(?:[a-z]{1,5}|example\.com)$|^(?:https?|arn|urn|s3|file):|^[0-9]{4}-[0-9]{2}-[0-9]{2}/;

/**
 * 14 characters at least of an alphabet of keys, with a digit among letters, and more surprise than words have: 3.3 bits
 * a character for long ones, and close to all different for short ones.
 */
export function looksRandom(value: string): boolean {
  if (value.length < 14 || !ALPHABET.test(value) || IS_NAME.test(value)) return false;
  if (!/[A-Za-z]/.test(value) || isMadeOfWords(value) || !(/[0-9]/.test(value) || isShuffled(value))) return false;
  return entropyOf(value) >= (value.length < 20 ? 3.2 : 3.3);
}

/**
 * `user:42:profile:v2`, `samesite-strict-2026`, `projects/p/secrets/token/versions/3`, a UUID: pieces that each are a word, a
 * number or a version. A random text of 14 characters hardly ever is.
 */
export const isMadeOfWords = (value: string): boolean =>
  value
    .split(/[^A-Za-z0-9]+/)
    .every((piece) => /^(?:[A-Z]?[a-z]{0,20}|[A-Z]{1,20}|[a-z]{0,3}[0-9]{0,10})$/.test(piece)) ||
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/**
 * No digit by chance (one in twenty of 16 characters): capitals and small letters change as often as not, or capitals stand
 * together again and again. camelCase does neither.
 */
const isShuffled = (value: string): boolean =>
  value.length >= 16 &&
  ([...value.matchAll(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)].length >= value.length * 0.4 ||
    [...value.matchAll(/[A-Z]{3}[a-z]/g)].length >= 2);
