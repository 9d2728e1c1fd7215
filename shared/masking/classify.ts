import { classSchema, type Masking } from '../contracts/config/masking.ts';
import type { SourceColumn } from '../domain/lineage.ts';

/** The class of a column, and the configured pattern that says so. */
export interface Classification {
  readonly class: string;
  readonly pattern: string;
}

export type Classifier = (connection: string, column: SourceColumn) => Classification | undefined;

/**
 * Patterns first, then what the target's own comments say. A comment can only add a class: who may write comments in the
 * database can take a class that stands there away again, but none that the configuration gives.
 */
export function createClassifier(masking: Masking): Classifier {
  const byPattern = patternsOf(masking);
  return (connection, column) => byPattern(connection, column) ?? byTag(masking, column.tags ?? []);
}

/** Class of a column whose tag is in our own form and names no class: masked, since somebody meant it to be. */
const UNKNOWN_TAG = 'unknown.tag';
const OWN = 'countersign:';

function byTag({ tags }: Masking, given: readonly string[]): Classification | undefined {
  for (const tag of given) {
    const mapped = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
    if (mapped !== undefined) return { class: mapped, pattern: `tag ${tag}` };
  }
  const own = given.find((tag) => tag.startsWith(OWN));
  if (own === undefined) return undefined;
  const named = classSchema.safeParse(own.slice(OWN.length));
  return { class: named.success ? named.data : UNKNOWN_TAG, pattern: `tag ${own}` };
}

/**
 * Compiles `connection.schema.table.column` patterns. Each of the four parts is matched apart and whole, so a column
 * whose own name holds a dot or a slash cannot slip out of its pattern. The first match wins.
 */
function patternsOf(masking: Masking): Classifier {
  const rules = masking.columns.map(({ match, class: name }) => ({
    pattern: match,
    class: name,
    parts: match.split('.').map(partMatcher),
  }));
  const remembered = new Map<string, Classification | undefined>();
  return (connection, column) => {
    const names = [connection, ...schemaAndTable(column.relation), column.column];
    const key = JSON.stringify(names);
    if (!remembered.has(key)) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(
        key,
        rules.find((rule) => rule.parts.every((matches, index) => matches(names[index] ?? ''))),
      );
    }
    return remembered.get(key);
  };
}

/** Columns whose class is remembered; a large schema has some tens of thousands, a hostile caller invents more. */
const MAX_REMEMBERED = 50_000;

/** `schema.table`, split at the first dot: a schema name with a dot in it is not supported by patterns either. */
function schemaAndTable(relation: string): [string, string] {
  const dot = relation.indexOf('.');
  return dot === -1 ? ['', relation] : [relation.slice(0, dot), relation.slice(dot + 1)];
}

/** One part of a pattern: the whole name, with `*` for any run of characters. */
export function partMatcher(glob: string): (name: string) => boolean {
  const pieces = glob.split('*').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${pieces.join('.*')}$`, 'su');
  return (name) => pattern.test(name);
}
