import type { Node } from 'libpg-query';
import type { Lineage } from '../../../domain/lineage.ts';
import { canonicalJson } from '../../../platform/canonical.ts';
import { toJson, type JsonValue } from '../../../platform/json-value.ts';
import { read } from '../analysis/index.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { DataApiParameter } from '../data-api.ts';
import { scanTokens } from '../execute/sql-tokens.ts';
import { parseStatement } from '../grammar/index.ts';

/** A read of ours, made from a statement of the agent's. */
export interface WrittenRead {
  readonly sql: string;
  readonly parameters: readonly DataApiParameter[];
  readonly lineage: Lineage;
}

/**
 * Writes a tree of ours as SQL, and trusts neither the tree nor the writer: the text must parse to the very tree that it
 * was written from, and be read to do nothing but read. Undefined otherwise.
 */
export async function writeRead(
  tree: Node,
  parameters: readonly DataApiParameter[],
  catalogue: PostgresCatalogue | undefined,
): Promise<WrittenRead | undefined> {
  const text = await deparsed(tree);
  const parsed = text === undefined ? undefined : await parseStatement(text);
  if (text === undefined || parsed?.ok !== true || shape(parsed.value.statement) !== shape(tree)) return undefined;
  const { analysis, lineage } = read(parsed.value, catalogue);
  const onlyReads = analysis.effects.every(
    ({ group, action, attributes }) => group === 'read' && action === 'sql:select' && attributes['expensive'] !== true,
  );
  const sql = onlyReads ? withNames(text, parameters) : undefined;
  return sql === undefined ? undefined : { sql, parameters, lineage };
}

/** The writer is loaded where a statement is first measured: most functions carry it and never write. */
async function deparsed(tree: Node): Promise<string | undefined> {
  try {
    const { deparseSync } = await import('pgsql-deparser');
    return deparseSync(tree, { pretty: false });
  } catch {
    return undefined;
  }
}

/** A tree without the places of its nodes in their texts. */
const shape = (tree: Node): string => canonicalJson(withoutPlaces(toJson(tree)));

function withoutPlaces(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutPlaces);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !PLACES.has(name))
      .map(([name, inner]) => [name, withoutPlaces(inner)]),
  );
}

const PLACES: ReadonlySet<string> = new Set([
  'location',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
]);

/** `$1` → `:p1`, by the scanner's tokens; undefined where anything else could be taken for one of ours. */
function withNames(text: string, parameters: readonly DataApiParameter[]): string | undefined {
  if (parameters.length === 0) return text;
  const tokens = scanTokens(text);
  if (!tokens.ok) return undefined;
  const places = tokens.value.filter(({ kind }) => kind === 'parameter');
  const sql = places.reduceRight(
    (rest, { start, end }) => `${rest.slice(0, start)}:p${rest.slice(start + 1, end)}${rest.slice(end)}`,
    text,
  );
  return [...sql.matchAll(/:[A-Za-z0-9_]/g)].length === places.length + [...sql.matchAll(/::[A-Za-z]/g)].length
    ? sql
    : undefined;
}
