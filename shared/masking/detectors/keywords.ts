import type { Rule } from './rules/rule.ts';

/** Finds the rules whose keywords stand in a text. */
export interface KeywordIndex {
  readonly rulesFor: (text: string) => ReadonlySet<Rule>;
}

interface Entry {
  readonly keyword: string;
  readonly rules: readonly Rule[];
}

/**
 * Every keyword by its first two characters. A text is read once, pair by pair; only where a pair begins a keyword is the rest
 * compared, with the few that begin so. One pattern of all keywords takes three times as long.
 */
export function indexOf(rules: readonly Rule[]): KeywordIndex {
  const entries = entriesOf(rules);
  const singles = entries.filter(({ keyword }) => keyword.length === 1);
  const byPair = Map.groupBy(
    entries.filter(({ keyword }) => keyword.length > 1),
    ({ keyword }) => pairOf(keyword.charCodeAt(0), keyword.charCodeAt(1)),
  );
  const begins = new Uint8Array(PAIRS);
  for (const pair of byPair.keys()) begins[pair] = 1;
  return {
    rulesFor: (text) => {
      const lower = text.toLowerCase();
      const found = new Set<Rule>();
      const add = (own: readonly Rule[]): void => {
        for (const rule of own) found.add(rule);
      };
      for (const { keyword, rules: own } of singles) if (lower.includes(keyword)) add(own);
      eachPair(lower, begins, (pair, at) => {
        for (const { keyword, rules: own } of byPair.get(pair) ?? []) if (lower.startsWith(keyword, at)) add(own);
      });
      return found;
    },
  };
}

function eachPair(text: string, begins: Uint8Array, visit: (pair: number, at: number) => void): void {
  let before = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const pair = code < 128 ? pairOf(before, code) : 0;
    before = code < 128 ? code : 0;
    if (begins[pair] === 1) visit(pair, at - 1);
  }
}

const PAIRS = 128 * 128;
const pairOf = (first: number, second: number): number => first * 128 + second;

function entriesOf(rules: readonly Rule[]): readonly Entry[] {
  const byKeyword = Map.groupBy(
    rules.flatMap((rule) => rule.keywords.map((keyword) => ({ keyword, rule }))),
    ({ keyword }) => keyword,
  );
  return [...byKeyword].map(([keyword, own]) => ({ keyword, rules: own.map(({ rule }) => rule) }));
}
