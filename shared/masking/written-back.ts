import type { MaskStrategy } from '../contracts/config/masking.ts';
import type { Statement } from '../domain/statement.ts';
import type { JsonValue } from '../platform/json-value.ts';

/** How every mask begins that is more than a text of the configuration, whatever its strategy keeps or makes of the value. */
const MASK = '[masked:';

/**
 * An agent that reads a row, changes one field and writes the whole row back would put masks where values were, for good.
 * Answers what of the statement is a mask; undefined where nothing is. An agent that spells one in pieces harms no value
 * that it could not overwrite with anything else.
 */
export function maskIn(statement: Statement, strategies: readonly MaskStrategy[]): string | undefined {
  const { text, parameters, body } = statement;
  if (text.toLowerCase().includes(MASK)) return 'the statement';
  if (
    JSON.stringify(parameters ?? null)
      .toLowerCase()
      .includes(MASK)
  )
    return 'a parameter';
  if (
    JSON.stringify(body ?? null)
      .toLowerCase()
      .includes(MASK)
  )
    return 'the body';
  const fixed = strategies.flatMap((one) => (one.kind === 'fixed' && one.text.length >= TELLING ? [one.text] : []));
  return fixed.some((mask) => isWhole(mask, statement) || holdsValue(body ?? null, mask)) ? 'a value' : undefined;
}

/** A fixed text that is shorter than this is too common to be told from a value: `-`, `***`. */
const TELLING = 4;

/** As a whole value of a document; how deep it nests is bounded where it is read. */
function holdsValue(value: JsonValue, mask: string): boolean {
  if (typeof value !== 'object' || value === null) return value === mask;
  return Object.values(value).some((inner) => holdsValue(inner, mask));
}

/** As a whole literal or parameter: within a longer text it is a word like any other. */
function isWhole(mask: string, { text, parameters }: Statement): boolean {
  const given: readonly unknown[] = Object.values(parameters ?? {});
  return given.includes(mask) || text.includes(`'${mask.replaceAll("'", "''")}'`);
}
