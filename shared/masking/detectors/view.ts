import { ESCAPE, meaningOf, QUOTED, unquoted } from './escapes.ts';
import type { Traits } from './traits.ts';

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
const PLAIN = /^[\t\n\r\x20-\x24\x27-\x3b\x3d-\x5b\x5d-\x7e]*$/;

/** Two octets of a quoted-printable text, or a line that goes on (RFC 2045, 6.7): one alone is `a=42`. */
const HAS_QUOTED = /=(?:[2-7][0-9A-F]=[2-7]|\r?\n)/;

/** The views of a text, one escape deeper each. Empty for plain text. Each is read once: at most eight times the text. */
export function viewsOf(text: string): readonly View[] {
  const whole: View = { text, from: [], to: [] };
  if (!HAS_QUOTED.test(text)) return below(whole);
  const plain = peel(whole, QUOTED, unquoted);
  return [...below(whole), plain, ...below(plain)];
}

/** Marks of HTML that stand within a word: `4111<wbr>1111`. */
const HAS_MARKS = /<(?:!--|\/?(?:a|b|bdi|bdo|code|del|em|font|i|ins|mark|s|small|span|strong|sub|sup|tt|u|wbr)[ />])/;

/** May a text read otherwise than it is written? `sign` as its traits have it: without, it has none of `=` and `>`. */
export const mayReadOtherwise = (text: string, { escape, sign }: Pick<Traits, 'escape' | 'sign'>): boolean =>
  escape || (sign && ((text.includes('=') && HAS_QUOTED.test(text)) || (text.includes('<') && HAS_MARKS.test(text))));

function below(outer: View): readonly View[] {
  const views: View[] = [];
  let current = outer;
  while (views.length < MAX_LAYERS && !PLAIN.test(current.text)) {
    const next = peel(current, ESCAPE, meaningOf);
    if (next.text === current.text) break;
    views.push(next);
    current = next;
  }
  return views;
}

function peel(outer: View, escape: RegExp, meaning: (found: RegExpExecArray) => string): View {
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
  for (const found of outer.text.matchAll(escape)) {
    copy(told, found.index);
    told = found.index + found[0].length;
    put(meaning(found), found.index, told);
  }
  copy(told, outer.text.length);
  return { text, from, to };
}
