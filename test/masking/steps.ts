import { parseRegExpLiteral, type AST } from '@eslint-community/regexpp';

/** Goes on behind a match of one part; says whether the rest matched too. */
type Next = (at: number) => boolean;
type Part = (text: string, at: number, next: Next) => boolean;

/**
 * Counts what a backtracking engine does: characters compared, by every way that it tries, as V8's does (greedy, in order,
 * first match wins). Where the count of a text of 2n is about twice that of n, the pattern is linear on such texts.
 */
export class CountingMatcher {
  steps = 0;
  /** Steps after which it gives up: an exponential pattern would never end. */
  static readonly MOST = 600_000;
  readonly #pattern: Part;
  readonly #flags: string;
  readonly #groups = new Map<AST.Node, string>();

  constructor(literal: RegExp) {
    const { pattern, flags } = parseRegExpLiteral(literal);
    this.#flags = flags.raw.replaceAll(/[gy]/g, '');
    this.#pattern = this.#either(pattern.alternatives);
  }

  /** As V8 searches: all matches of a global pattern, the first of another, at the beginning alone of a sticky one. Their ends. */
  search(text: string, { global, sticky }: { global: boolean; sticky: boolean }): readonly number[] {
    const ends: number[] = [];
    for (let start = 0; start <= (sticky ? 0 : text.length) && this.steps < CountingMatcher.MOST; start += 1) {
      let end = -1;
      const matched = this.#pattern(text, start, (at) => {
        end = at;
        return true;
      });
      if (!matched) continue;
      ends.push(end);
      if (!global) break;
      start = Math.max(start, end - 1);
    }
    return ends;
  }

  #either(alternatives: readonly AST.Alternative[]): Part {
    const parts = alternatives.map(({ elements }) => this.#sequence(elements.map((element) => this.#part(element))));
    return (text, at, next) => this.steps < CountingMatcher.MOST && parts.some((part) => part(text, at, next));
  }

  #sequence(parts: readonly Part[]): Part {
    const from =
      (index: number): Part =>
      (text, at, next) => {
        const part = parts[index];
        return part === undefined ? next(at) : part(text, at, (end) => from(index + 1)(text, end, next));
      };
    return from(0);
  }

  #part(node: AST.Element): Part {
    switch (node.type) {
      case 'Group':
      case 'CapturingGroup':
        return this.#group(node);
      case 'Quantifier':
        return this.#repeated(node, this.#part(node.element));
      case 'Assertion':
        return this.#assertion(node);
      case 'Backreference':
        return this.#again(node);
      case 'Character':
      case 'CharacterClass':
      case 'CharacterSet':
      case 'ExpressionCharacterClass':
        return this.#character(node.raw);
    }
  }

  #group(node: AST.Group | AST.CapturingGroup): Part {
    const inner = this.#either(node.alternatives);
    if (node.type === 'Group') return inner;
    return (text, at, next) =>
      inner(text, at, (end) => {
        this.#groups.set(node, text.slice(at, end));
        return next(end);
      });
  }

  #repeated({ min, max, greedy }: AST.Quantifier, element: Part): Part {
    const from = (count: number, text: string, at: number, next: Next): boolean => {
      const more = (): boolean =>
        count < max && element(text, at, (end) => (end > at || count < min) && from(count + 1, text, end, next));
      if (count < min) return more();
      return greedy ? more() || next(at) : next(at) || more();
    };
    return (text, at, next) => from(0, text, at, next);
  }

  #assertion(node: AST.Assertion): Part {
    if (node.kind === 'lookahead') {
      const inner = this.#either(node.alternatives);
      return (text, at, next) => inner(text, at, () => true) !== node.negate && next(at);
    }
    if (node.kind === 'lookbehind') {
      const inner = this.#either(node.alternatives);
      // Ours look at one character; the empty alternative is `^`.
      const behind = (text: string, at: number): boolean =>
        [at, at - 1].some((from) => from >= 0 && inner(text, from, (end) => end === at));
      return (text, at, next) => behind(text, at) !== node.negate && next(at);
    }
    return this.#place(node.raw);
  }

  /** `^`, `$` and `\b`, asked of the engine itself at that very place. */
  #place(raw: string): Part {
    const pattern = new RegExp(raw, `${this.#flags}y`);
    return (text, at, next) => {
      this.steps += 1;
      pattern.lastIndex = at;
      return pattern.test(text) && next(at);
    };
  }

  #character(raw: string): Part {
    const pattern = new RegExp(`^(?:${raw})$`, this.#flags);
    return (text, at, next) => {
      this.steps += 1;
      if (this.steps > CountingMatcher.MOST) return false;
      const one = this.#flags.includes('u') ? String.fromCodePoint(text.codePointAt(at) ?? 0) : (text[at] ?? '');
      return at < text.length && pattern.test(one) && next(at + one.length);
    };
  }

  #again({ resolved }: AST.Backreference): Part {
    const groups = [resolved].flat();
    return (text, at, next) => {
      this.steps += 1;
      const said = groups.map((group) => this.#groups.get(group) ?? '').join('');
      return text.startsWith(said, at) && next(at + said.length);
    };
  }
}
