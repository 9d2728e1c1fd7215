/**
 * Text from an agent, made safe to look at. `show` is injective: two different texts never look the same for want of
 * a visible character, and a text cannot pretend to hold an escape, since the opening bracket is itself escaped.
 */

/** What is replaced by `⟦U+XXXX⟧`, by class; each has hidden or reordered code in front of a reviewer somewhere. */
const HIDDEN = new RegExp(
  [
    // Controls other than newline and tab; a bare CR ends a comment in PostgreSQL. Format characters: bidi overrides
    // and isolates (CVE-2021-42574), zero-width, tags. Lone surrogates, private use and unassigned code points.
    '(?![\\n\\t])\\p{C}',
    // Line and paragraph separators, and every space that is not U+0020.
    '\\p{Zl}|\\p{Zp}|(?! )\\p{Zs}',
    // Letters and marks that draw nothing: Hangul fillers, variation selectors, the grapheme joiner, the Braille blank.
    '\\p{Default_Ignorable_Code_Point}|\\u2800',
    // A tower of combining marks paints over the lines around it: three in a row are writing, the fourth is not.
    '(?<=\\p{M}{3})\\p{M}',
    // Three backticks would close the code block.
    '`(?=``)|(?<=`)`(?=`)|(?<=``)`',
    // Our own bracket, so that an escape can be told from its imitation.
    '⟦',
  ].join('|'),
  'gu',
);

/** Makes hidden characters visible. Newline and tab stay. */
export const show = (text: string): string => text.replace(HIDDEN, codePoint);

const codePoint = (char: string): string =>
  `⟦U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`;

/** The three characters that Slack's mrkdwn gives a meaning to (Formatting text: escaping). Nothing else is decoded. */
const escapeMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** For sentences from configuration: no mention, link or channel ping can come out of it. */
export const prose = (text: string): string => escapeMrkdwn(show(text));

/** One line, in a code span. Backticks and line breaks cannot be part of a span, so they are shown as escapes. */
export const code = (text: string): string =>
  text === '' ? '`⟦empty⟧`' : `\`${escapeMrkdwn(show(text).replace(/[`\n\t]/gu, codePoint))}\``;

/** A code block that holds `text` whole. The newline before the fence keeps a last backtick out of it. */
export const codeBlock = (text: string): string =>
  `\`\`\`\n${text === '' ? '⟦empty⟧' : escapeMrkdwn(show(text))}\n\`\`\``;

/**
 * As much of `text` as `format` can put into `limit` characters, with "…" where it was cut. For words that nobody
 * approves: what is approved is never cut. Cuts the text and not its escaped form, so no escape is left in two.
 */
export function upTo(limit: number, text: string, format: (text: string) => string): { text: string; cut: boolean } {
  const whole = format(text);
  if (whole.length <= limit) return { text: whole, cut: false };
  let kept = text.slice(0, limit);
  while (kept !== '' && format(`${kept}…`).length > limit) kept = kept.slice(0, Math.floor(kept.length * 0.9));
  // A pair of surrogates may have been cut in two; its half would be shown as an escape that the text does not hold.
  return { text: format(`${kept.replace(/[\uD800-\uDBFF]$/, '')}…`), cut: true };
}

/** A link whose address cannot end early or carry a label of its own. */
export function link(address: string, label: string): string {
  const href = new URL(address).href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E');
  return `<${href.replaceAll('&', '&amp;')}|${prose(label).replaceAll('|', '¦')}>`;
}

/** Slack's date formatting, in the reader's own time zone, with UTC where a client cannot render it. */
export function moment(iso: string): string {
  const at = new Date(iso);
  const seconds = Math.floor(at.getTime() / 1_000);
  if (!Number.isFinite(seconds)) return code(iso);
  const utc = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${seconds}^{date_short_pretty} at {time}|${utc}>`;
}
