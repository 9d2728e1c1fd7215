import type { Statement } from '../../../domain/statement.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import type { DataApiParameter } from '../data-api.ts';
import { placeParameters } from './parameter-places.ts';
import { checkParameters, invalid } from './parameter-values.ts';
import { scanTokens } from './sql-tokens.ts';

/** Characters that are cut into tokens: some 50 ms of the 200 that a reading may take. */
const MAX_SCANNED = 65_536;

/** A statement in its two spellings: as PostgreSQL's grammar reads it and as the Data API takes it. */
export interface BoundStatement {
  /** With `$n`, of the same length as the agent's text, so that every offset in it is an offset in that text. */
  readonly grammar: string;
  /** With `:pn`; the agent's own text, byte for byte, where there are no parameters. */
  readonly sql: string;
  /** Empty where the agent gave none: then no list is sent, and nothing in the text can be taken for a parameter. */
  readonly parameters: readonly DataApiParameter[];
}

/**
 * Joins a statement and its parameters. PostgreSQL writes `$1` and the Data API `:name`, with a lexer that nobody has
 * documented; wherever the two could disagree on what is a parameter, one of them would run something that the other
 * was not shown. So places are found by PostgreSQL's scanner alone, names are ours (`p1`, `p2`, …), and text which a
 * less careful reader could take for a parameter is refused. Pure; never throws.
 */
export function bindParameters(statement: Statement): Result<BoundStatement, StatementFault> {
  const given = checkParameters(statement.parameters);
  if (!given.ok) return given;
  const { text } = statement;
  const isLarge = text.length > MAX_SCANNED;
  // A large text is not scanned for a `$1` without a value: PostgreSQL refuses that one itself.
  if (given.value.style === 'none' && (isLarge || !/\$[0-9]/.test(text)))
    return ok({ grammar: text, sql: text, parameters: [] });
  if (isLarge)
    return invalid(
      `statement: with parameters it may have at most ${String(MAX_SCANNED)} characters; pass what is large as a parameter`,
    );
  const tokens = scanTokens(text);
  if (!tokens.ok) return tokens;
  const placed = placeParameters(text, tokens.value, given.value);
  if (!placed.ok) return placed;
  const { places, values } = placed.value;
  if (values.length === 0) return ok({ grammar: text, sql: text, parameters: [] });

  const sql = rewrite(text, places, (place) => `:p${place.number}`);
  const taken = [...sql.matchAll(/:p[0-9]/g)];
  if (taken.length !== places.length) {
    return invalid(
      'statement: another `:p` and a digit stand in the text, e.g. a cast to a type p1; rename it or use no parameters',
    );
  }
  const grammar = rewrite(text, places, (place) => `$${place.number}`.padEnd(place.end - place.start, ' '));
  if (grammar.length !== text.length) {
    return invalid('parameters: too many one-letter names; give them names of four letters or more');
  }
  return ok({ grammar, sql, parameters: values.map((value, index) => ({ name: `p${index + 1}`, value })) });
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

function rewrite(text: string, places: readonly Place[], spell: (place: Place) => string): string {
  let out = '';
  let from = 0;
  for (const place of places) {
    out += text.slice(from, place.start) + spell(place);
    from = place.end;
  }
  return out + text.slice(from);
}
