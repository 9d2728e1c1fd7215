/** Hyphens, dashes and minus signs that are typed for one another. */
const DASHES = /^[\u2010-\u2015\u2043\u2212\u30fb\ufe58\ufe63\uff0d]$/u;
const DOTS = /^[\u00b7\u2022\u2024\u2027\u3002\uff0e]$/u;

/**
 * A character as the ASCII that it stands for: full width, mathematical and other compatibility forms (NFKC), digits of
 * other scripts, dashes, spaces. Format characters (zero-width, joiners, direction marks), soft hyphens, marks that stand on
 * the character before and control characters (of UTF-16 that was read as bytes) vanish.
 */
export function folded(one: string): string {
  if (/^[\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]$/u.test(one)) return '';
  if (DASHES.test(one)) return '-';
  if (DOTS.test(one)) return '.';
  if (/^[\p{Zs}\u2028\u2029]$/u.test(one)) return ' ';
  const compatible = one.normalize('NFKC');
  return /^\p{Nd}$/u.test(compatible) ? digit(compatible) : compatible;
}

/** Decimal digits stand in runs of ten, in order (Unicode 16, 4.6): how far into its run is the value. */
function digit(one: string): string {
  const code = one.codePointAt(0) ?? 0;
  if (code < 0x80) return one;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
