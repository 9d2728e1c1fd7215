import { folded } from './folded.ts';

/**
 * One escape, or one character that is not printable ASCII: JSON's (RFC 8259, 7) and those of most languages, octal ones of
 * PostgreSQL's bytea, its `U&` and CSS's, XML's and HTML's references (XML 1.0, 4.1), percent octets (RFC 3986, 2.1) and plus signs between
 * digits, which a form makes of spaces; colours of a terminal (ECMA-48, 5.4); inline marks of HTML. All alternatives are
 * bounded, so no character is read more than a few times.
 */
export const ESCAPE =
  /(?:\\u|%u)([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})|\\0{2,4}([2-7][0-9a-fA-F])|\\([0-3][0-7]{2})|\\(["'\\/bfnrt@_.:+*#()[\]-])|&#0{0,16}([0-9]{1,7});?|&#[xX]0{0,16}([0-9a-fA-F]{1,6});?|&([A-Za-z]{2,8});|%([0-7][0-9a-fA-F])|((?:%[89a-fA-F][0-9a-fA-F]){1,4})|(?<=[0-9])(\+)(?=[0-9])|([^\P{Cc}\t\n\r]\[[0-9;?]{0,16}[A-Za-z]|<\/?(?:a|b|bdi|bdo|code|del|em|font|i|ins|mark|s|small|span|strong|sub|sup|tt|u|wbr)(?: [^<>]{0,100})?\/?>|<!--[^<>]{0,100}-->)|([^\t\n\r\x20-\x7e])/gu;

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', ensp: ' ', emsp: ' ', thinsp: ' ', Tab: '\t' },
  ...{ commat: '@', period: '.', hyphen: '-', dash: '-', num: '#', plus: '+', colon: ':', lowbar: '_', sol: '/' },
  ...{ lpar: '(', rpar: ')', equals: '=', shy: '', zwj: '', zwnj: '', NoBreak: '', NewLine: '\n' },
};
const SHORT: Readonly<Record<string, string>> = { b: ' ', f: ' ', n: '\n', r: '\r', t: '\t' };

type Meaning = (said: string, whole: string) => string;

const character: (base: number) => Meaning = (base) => (said, whole) => {
  const code = Number.parseInt(said, base);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
};
const [hexadecimal, decimal, octal] = [character(16), character(10), character(8)];

/** What each group of the pattern means, in its order. */
const MEANINGS: readonly Meaning[] = [
  ...[hexadecimal, hexadecimal, hexadecimal, hexadecimal, hexadecimal, octal],
  (said) => SHORT[said] ?? said,
  decimal,
  hexadecimal,
  (said, whole) => (Object.hasOwn(NAMED, said) ? (NAMED[said] ?? whole) : whole),
  hexadecimal,
  (said) => folded(Buffer.from(said.replaceAll('%', ''), 'hex').toString('utf8')),
  () => ' ',
  () => '',
  (said) => folded(said),
];

export function meaningOf(found: RegExpExecArray): string {
  const group = MEANINGS.findIndex((_, index) => found[index + 1] !== undefined);
  return MEANINGS[group]?.(found[group + 1] ?? '', found[0]) ?? found[0];
}

/** Octets of quoted-printable, and lines that go on. */
export const QUOTED = /=([0-9A-F]{2})|=[ \t]{0,4}\r?\n/g;
export const unquoted = ([, octet]: RegExpExecArray): string =>
  octet === undefined ? '' : String.fromCodePoint(Number.parseInt(octet, 16));
