import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import type { DataApiValue } from '../data-api.ts';
import { invalid, type GivenParameters } from './parameter-values.ts';
import type { SqlToken } from './sql-tokens.ts';
import { readTwoWays } from './two-readings.ts';

/** Where a parameter stands, and which of the values it takes (counted from 1). */
export interface ParameterPlace {
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

export interface PlacedParameters {
  readonly places: readonly ParameterPlace[];
  /** By number: `values[0]` is parameter 1. Every one of them is used. */
  readonly values: readonly DataApiValue[];
}

/** A parameter as the text names it: `1` or `customer_id`. */
interface Mention {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Finds every parameter in the text, refuses what can be read two ways, and matches them with the values given. */
export function placeParameters(
  text: string,
  tokens: readonly SqlToken[],
  given: GivenParameters,
): Result<PlacedParameters, StatementFault> {
  const mentions: Mention[] = [];
  for (const [index, token] of tokens.entries()) {
    const found = given.style === 'named' ? namedAt(text, tokens, index) : numberedAt(text, token);
    if (found === undefined) {
      const trouble = given.style === 'none' ? undefined : ambiguity(text, token, mentions.at(-1));
      if (trouble !== undefined) return invalid(trouble, token.start);
      continue;
    }
    if (!standsAlone(text, found)) {
      return invalid(`statement: put spaces around the parameter ${text.slice(found.start, found.end)}`, found.start);
    }
    mentions.push(found);
  }
  return match(text, mentions, given);
}

function numberedAt(text: string, token: SqlToken): Mention | undefined {
  if (token.kind !== 'parameter') return undefined;
  return { start: token.start, end: token.end, name: text.slice(token.start + 1, token.end) };
}

function namedAt(text: string, tokens: readonly SqlToken[], index: number): Mention | undefined {
  const [colon, word] = [tokens[index], tokens[index + 1]];
  if (colon?.kind !== 'colon' || word?.kind !== 'word' || word.start !== colon.end) return undefined;
  const name = text.slice(word.start, word.end);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? { start: colon.start, end: word.end, name } : undefined;
}

/**
 * What would join a parameter to its neighbour once it is spelt anew: `limit:n` would become the name `limit$1`, and
 * `a[1:$1]` a cast to the type `p1`. And what PostgreSQL would read as an array slice: `a[:n]`.
 */
function standsAlone(text: string, { start, end }: Mention): boolean {
  return (
    !/[\p{L}\p{N}_$:[]$/u.test(text.slice(0, start).slice(-2)) && !/^[\p{L}\p{N}_$]/u.test(text.slice(end, end + 2))
  );
}

/** Text, outside of the parameters themselves, that a second reader could take for one. */
function ambiguity(text: string, token: SqlToken, last: Mention | undefined): string | undefined {
  if (last !== undefined && token.start < last.end) return undefined;
  const raw = text.slice(token.start, token.end);
  if (token.kind === 'parameter') return `statement: ${raw} stands beside named parameters; use one kind only`;
  if (token.kind === 'colon') {
    return 'statement: a single colon (as in an array slice) cannot stand beside parameters; name parameters as `:name`, write slices without parameters';
  }
  if (/:[A-Za-z_]/.test(raw)) {
    return 'statement: a colon before a word inside a literal, comment or quoted name could be taken for a parameter; pass that text as a parameter, or use no parameters';
  }
  if (readTwoWays(raw, text.slice(token.end, token.end + 2))) {
    return 'statement: a quote, backslash, dollar or comment sign inside a literal, comment or quoted name could be read in two ways beside parameters; pass that text as a parameter, or leave the comment out';
  }
  if (token.kind === 'operator' && raw.includes('?')) {
    return 'statement: the operator with `?` could be taken for a parameter; use its function, e.g. jsonb_exists(a, b)';
  }
  return undefined;
}

function match(
  text: string,
  mentions: readonly Mention[],
  given: GivenParameters,
): Result<PlacedParameters, StatementFault> {
  const order = given.style === 'named' ? shortestFirst(given.values) : new Map<string, number>();
  const size = given.style === 'none' ? 0 : given.style === 'list' ? given.values.length : given.values.size;
  const places: ParameterPlace[] = [];
  for (const mention of mentions) {
    const number = given.style === 'named' ? order.get(mention.name) : Number(mention.name);
    if (number === undefined || !(number >= 1 && number <= size)) {
      return invalid(
        `statement: there is no value for ${text.slice(mention.start, mention.end)}; add it to parameters`,
        mention.start,
      );
    }
    places.push({ start: mention.start, end: mention.end, number });
  }
  const used = new Set(places.map((place) => place.number));
  if (used.size !== size)
    return invalid('parameters: every value must be used in the statement; remove those that are not');
  return ok({ places, values: valuesInOrder(given, order) });
}

/** The shortest name gets the lowest number, so that `$1` fits where `:a` stood and offsets keep their meaning. */
function shortestFirst(values: ReadonlyMap<string, DataApiValue>): ReadonlyMap<string, number> {
  const names = [...values.keys()].sort((a, b) => a.length - b.length);
  return new Map(names.map((name, index) => [name, index + 1]));
}

function valuesInOrder(given: GivenParameters, order: ReadonlyMap<string, number>): readonly DataApiValue[] {
  if (given.style === 'none') return [];
  if (given.style === 'list') return given.values;
  return [...order.keys()].flatMap((name) => given.values.get(name) ?? []);
}
