/**
 * A text as a reader would take it: escapes decoded, look-alikes of ASCII folded, invisible characters gone. Character
 * `i` stands for `from[i]` up to `to[i]` of the original, so that a find masks what hid it.
 */
export interface View {
  readonly text: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** JSON inside JSON inside XML is three; whatever is escaped more often than this is not looked into further. */
const MAX_LAYERS = 4;

/** Plain ASCII without the signs that begin an escape has no view but itself. */

const PLAIN = /^[\t\n\r\x20-\x24\x27-\x5b\x5d-\x7e]*$/;

/** The views of a text, one escape deeper each. Empty for plain text. Each is read once: at most four times the text. */
export function viewsOf(text: string): readonly View[] {
  const views: View[] = [];
  let current: View = { text, from: [], to: [] };
  while (views.length < MAX_LAYERS && !PLAIN.test(current.text)) {
    const next = peel(current);
    if (next.text === current.text) break;
    views.push(next);
    current = next;
  }
  return views;
}

/**
 * One escape, or one character that is not ASCII: JSON's (RFC 8259, 7) and those of most languages, XML's references
 * (XML 1.0, 4.1), percent octets (RFC 3986, 2.1). All alternatives are bounded, so no character is read more than a few times.
 */
const ESCAPE =
  /\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}|\\x([0-9a-fA-F]{2})|\\(["'\\/bfnrt])|&#([0-9]{1,7});|&#[xX]([0-9a-fA-F]{1,6});|&(amp|lt|gt|quot|apos|nbsp|commat|period|hyphen|num);|%([0-7][0-9a-fA-F])|((?:%[89a-fA-F][0-9a-fA-F]){1,4})|([^\p{ASCII}])/gu;

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', commat: '@', period: '.', hyphen: '-', num: '#' },
  ...{ '"': '"', "'": "'", '\\': '\\', '/': '/', b: ' ', f: ' ', n: '\n', r: '\r', t: '\t' },
};

function peel(outer: View): View {
  let text = '';
  const from: number[] = [];
  const to: number[] = [];
  const put = (piece: string, start: number, end: number): void => {
    from.push(...Array<number>(piece.length).fill(outer.from[start] ?? start));
    to.push(...Array<number>(piece.length).fill(outer.to[end - 1] ?? end));
    text += piece;
  };
  const copy = (start: number, end: number): void => {
    for (let index = start; index < end; index += 1) {
      from.push(outer.from[index] ?? index);
      to.push(outer.to[index] ?? index + 1);
    }
    text += outer.text.slice(start, end);
  };
  let told = 0;
  for (const found of outer.text.matchAll(ESCAPE)) {
    copy(told, found.index);
    told = found.index + found[0].length;
    put(meaning(found), found.index, told);
  }
  copy(told, outer.text.length);
  return { text, from, to };
}

function meaning(found: RegExpExecArray): string {
  const [whole, unit, point, byte, short, decimal, hex, name, octet, octets, other] = found;
  if (other !== undefined) return folded(other);
  if (octets !== undefined) return folded(Buffer.from(octets.replaceAll('%', ''), 'hex').toString('utf8'));
  if (decimal !== undefined) return character(Number(decimal), whole);
  const code = unit ?? point ?? byte ?? hex ?? octet;
  if (code !== undefined) return character(Number.parseInt(code, 16), whole);
  return NAMED[short ?? name ?? ''] ?? whole;
}

const character = (code: number, whole: string): string =>
  code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;

/** Hyphens, dashes and minus signs that are typed for one another. */
const DASHES = /^[\u2010-\u2015\u2043\u2212\u30fb\ufe58\ufe63\uff0d]$/u;
const DOTS = /^[\u00b7\u2022\u2024\u2027\u3002\uff0e]$/u;

/**
 * A character as the ASCII that it stands for: full width, mathematical and other compatibility forms (NFKC), digits of
 * other scripts, dashes, spaces. Format characters (zero-width, joiners, direction marks) and soft hyphens vanish.
 */
function folded(one: string): string {
  if (/^[\p{Cf}\p{Default_Ignorable_Code_Point}]$/u.test(one)) return '';
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
