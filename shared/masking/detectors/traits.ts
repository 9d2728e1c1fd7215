/**
 * What a text is made of, counted in one pass, so that most values meet no detector at all: a pattern whose least match needs
 * more than the text has cannot match. Counts are of the whole text, each the largest anywhere in it.
 */
export interface Traits {
  /** Digits one after the other. */
  readonly run: number;
  /** Digits with at most one other character between two: as numbers of persons are broken up. */
  readonly chain: number;
  /** Digits with at most three others between two: as cards and phones are. */
  readonly loose: number;
  /** Letters, digits and `_+/=~.-` one after the other: what tokens are made of. */
  readonly word: number;
  /** Of the same and `:|$!@#%^&*`: what looks random under a telling name. */
  readonly key: number;
  /** Letters, digits and `+/_-`: base64 of both alphabets. */
  readonly base64: number;
  readonly at: boolean;
  /** `=`, `:` or `>`: a name may stand before it. */
  readonly sign: boolean;
  readonly colon: boolean;
  readonly hyphen: boolean;
  readonly letter: boolean;
  /** Something that an escape begins with, or not ASCII: the text may read otherwise than it is written. */
  readonly escape: boolean;
}

const [DIGIT, LETTER, WORD, KEY, BASE64] = [1, 2, 4, 8, 16];
const [AT, SIGN, COLON, HYPHEN, ESCAPE] = [32, 64, 128, 256, 512];

/** Bits of every ASCII character. */
const KINDS = Uint16Array.from({ length: 128 }, (_, code) => {
  const one = String.fromCodePoint(code);
  const when = (pattern: RegExp, bit: number): number => (pattern.test(one) ? bit : 0);
  const made = when(/[0-9]/, DIGIT) | when(/[A-Za-z]/, LETTER) | when(/[\w+/=~.-]/, WORD);
  const read = when(/[\w.=+/:~|$!@#%^&*-]/, KEY) | when(/[\w+/-]/, BASE64) | when(/[=:>]/, SIGN);
  return made | read | when(/@/, AT) | when(/:/, COLON) | when(/-/, HYPHEN) | when(/[^\t\n\r -$'-[\]-~]/, ESCAPE);
});

export function traitsOf(text: string): Traits {
  let all = 0;
  let [word, key, base64] = [0, 0, 0];
  let [wordNow, keyNow, base64Now] = [0, 0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (KINDS[code] ?? ESCAPE) : ESCAPE;
    all |= kind;
    if ((kind & WORD) === 0) wordNow = 0;
    else if ((wordNow += 1) > word) word = wordNow;
    if ((kind & KEY) === 0) keyNow = 0;
    else if ((keyNow += 1) > key) key = keyNow;
    if ((kind & BASE64) === 0) base64Now = 0;
    else if ((base64Now += 1) > base64) base64 = base64Now;
  }
  const has = (bit: number): boolean => (all & bit) !== 0;
  const digits = has(DIGIT) ? digitsOf(text) : NO_DIGITS;
  const [at, sign, colon, hyphen] = [has(AT), has(SIGN), has(COLON), has(HYPHEN)];
  return { ...digits, word, key, base64, at, sign, colon, hyphen, letter: has(LETTER), escape: has(ESCAPE) };
}

const NO_DIGITS = { run: 0, chain: 0, loose: 0 };

function digitsOf(text: string): Pick<Traits, 'run' | 'chain' | 'loose'> {
  let [run, chain, loose] = [0, 0, 0];
  let [runNow, chainNow, looseNow] = [0, 0, 0];
  let last = -9;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) continue;
    const gap = index - last;
    last = index;
    runNow = gap > 1 ? 1 : runNow + 1;
    chainNow = gap > 2 ? 1 : chainNow + 1;
    looseNow = gap > 4 ? 1 : looseNow + 1;
    if (runNow > run) run = runNow;
    if (chainNow > chain) chain = chainNow;
    if (looseNow > loose) loose = looseNow;
  }
  return { run, chain, loose };
}
