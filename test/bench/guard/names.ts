/** A small generator with a seed (mulberry32), so that a run can be repeated. */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

const SYLLABLES = ['ka', 'lo', 'mir', 'tev', 'or', 'sen', 'du', 'pal', 'bri', 'no', 'zu', 'het'] as const;
/** Names as people and generators make them: plain, mixed case, with a space, a dot, a quote, a keyword, not ASCII. */
const SHAPES: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => `${word}_${word.length}`,
  (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}Row`,
  (word) => `${word} ${word}`,
  (word) => `${word}é`,
  (word) => `${word}"q`,
  (word) => `select ${word}`,
  (word) => `${word}表`,
];

/** Gives every `{placeholder}` of a run one random identifier, quoted where it needs quotes. */
export class Names {
  readonly #random: Random;
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** The bare name behind a placeholder. */
  bare(key: string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const shapes = key.startsWith('op_') ? [(word: string): string => word] : SHAPES;
    let name: string;
    do {
      const word = Array.from({ length: 3 }, () => pick(this.#random, SYLLABLES)).join('');
      name = pick(this.#random, shapes)(`${word}${Math.floor(this.#random() * 90 + 10)}`);
    } while (this.#taken.has(name));
    this.#taken.add(name);
    this.#names.set(key, name);
    return name;
  }

  quoted(key: string): string {
    const name = this.bare(key);
    return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
  }

  /** `{name}` an identifier · `{'name'}` the same inside a literal · `{#}` a number · `{$}` a text literal. */
  fill(template: string): string {
    return template.replace(/\{('?)([a-z_0-9]+|#|\$)'?\}/g, (_all, literal: string, key: string) => {
      if (key === '#') return String(Math.floor(this.#random() * 1_000));
      if (key === '$') return `'${pick(this.#random, SYLLABLES)}''${pick(this.#random, SYLLABLES)}'`;
      return literal === '' ? this.quoted(key) : this.quoted(key).replaceAll("'", "''");
    });
  }
}
