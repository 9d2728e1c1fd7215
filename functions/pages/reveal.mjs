/**
 * What is invisible or reorders text, made visible as ⟦U+XXXX⟧: the classes that Slack's messages show the same way
 * (shared/slack/text.ts; a test compares the two).
 */
const HIDDEN = new RegExp(
  [
    '(?![\\n\\t])\\p{C}',
    '\\p{Zl}|\\p{Zp}|(?! )\\p{Zs}',
    '\\p{Default_Ignorable_Code_Point}|\\u2800',
    '(?<=\\p{M}{3})\\p{M}',
    '⟦',
  ].join('|'),
  'gu',
);

/** @param {string} text @returns {string} */
export const reveal = (text) =>
  text.replace(HIDDEN, (char) => `⟦U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`);
