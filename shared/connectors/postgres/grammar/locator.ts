import type { Span } from '../../../domain/effect.ts';
import { scanTokens } from '../execute/sql-tokens.ts';
import type { SqlToken } from '../execute/sql-tokens.ts';

interface Word {
  readonly span: Span;
  /** As PostgreSQL reads it: folded to lower case, or the inside of the quotes. */
  readonly text: string;
}

/** Characters; the scanner's answer is a large one, and in a text of this size a place helps nobody. */
const MAX_SCANNED = 65_536;

/**
 * Finds names in the text of a statement by PostgreSQL's own scanner. The tree keeps no place for many of them (DROP,
 * ALTER, SET, …). Scans only when asked, once.
 */
export class Locator {
  readonly #text: string;
  #words: readonly Word[] | undefined;
  /** Where the last name ended: a list of names is asked for in its own order. */
  #from = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next run of words, joined by dots, that spells these parts; from the beginning again if there is none. */
  next(parts: readonly string[]): Span | undefined {
    const words = this.words();
    const [first] = parts;
    if (first === undefined) return undefined;
    for (const start of [this.#from, 0]) {
      for (let index = start; index < words.length; index += 1) {
        const span = words[index]?.text === first ? this.#run(words, index, parts) : undefined;
        if (span !== undefined) {
          this.#from = index + parts.length;
          return span;
        }
      }
    }
    return undefined;
  }

  /** Every statement has one, so this one does without the scanner: past blanks, comments and brackets. */
  verb(): Span | undefined {
    let at = 0;
    for (let skipped = true; skipped;) {
      const [blank] = /^(?:[\s(;]+|--[^\n\r]*)/.exec(this.#text.slice(at, at + 512)) ?? [];
      const comment = blank === undefined && this.#text.startsWith('/*', at) ? commentEnd(this.#text, at) : 0;
      skipped = blank !== undefined || comment > 0;
      at += blank?.length ?? comment;
    }
    const [word] = /^[\p{L}_]+/u.exec(this.#text.slice(at, at + 64)) ?? [];
    return word === undefined ? undefined : { start: at, end: at + word.length };
  }

  #run(words: readonly Word[], index: number, parts: readonly string[]): Span | undefined {
    for (const [offset, part] of parts.entries()) {
      const [word, before] = [words[index + offset], words[index + offset - 1]];
      if (word?.text !== part) return undefined;
      if (offset > 0 && before !== undefined && this.#text.slice(before.span.end, word.span.start).trim() !== '.')
        return undefined;
    }
    const [first, last] = [words[index], words[index + parts.length - 1]];
    return first === undefined || last === undefined ? undefined : { start: first.span.start, end: last.span.end };
  }

  words(): readonly Word[] {
    if (this.#words === undefined) {
      const tokens = this.#text.length > MAX_SCANNED ? undefined : scanTokens(this.#text);
      this.#words = tokens?.ok === true ? tokens.value.flatMap((token) => this.#word(token) ?? []) : [];
    }
    return this.#words;
  }

  #word({ start, end }: SqlToken): Word | undefined {
    const raw = this.#text.slice(start, end);
    const span = { start, end };
    if (raw.startsWith('"')) return { span, text: raw.slice(1, -1).replaceAll('""', '"') };
    if (raw.startsWith("'")) return { span, text: raw.slice(1, -1).replaceAll("''", "'") };
    return /^[\p{L}_\u0080-\uffff]/u.test(raw) ? { span, text: raw.toLowerCase() } : undefined;
  }
}

/** Length of the comment that starts here; PostgreSQL's comments nest (PostgreSQL 18, 4.1.5). */
function commentEnd(text: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex - from;
  }
  return 0;
}
