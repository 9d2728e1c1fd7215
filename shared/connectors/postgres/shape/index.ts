import { createHash } from 'node:crypto';
import type { Constant, Shape } from '../../../domain/shape.ts';
import type { Statement } from '../../../domain/statement.ts';
import { canonicalJson, digestOf } from '../../../platform/canonical.ts';
import { toJson, type JsonValue } from '../../../platform/json-value.ts';
import type { DataApiValue } from '../data-api.ts';
import { bindParameters } from '../execute/bind-parameters.ts';
import { guardText, parseStatement } from '../grammar/index.ts';
import { withoutConstants } from './tree.ts';

/** Constants of a shape, and bytes of their values: past these nobody can say what may vary. It stays in a session's item. */
const MAX_CONSTANTS = 100;
const MAX_VALUE_BYTES = 8_192;

/**
 * The shape of a statement: its tree as PostgreSQL's own grammar reads it, less the values of its constants and of its
 * parameters. The tree is compared whole, by digest, so whatever is not a constant is the same: tables, columns,
 * operators, functions, casts, clauses, order, and how many of each.
 */
export async function shapeOf(statement: Statement): Promise<Shape | undefined> {
  if (!guardText(statement.text).ok) return undefined;
  const bound = bindParameters(statement);
  if (!bound.ok) return undefined;
  const parsed = await parseStatement(bound.value.grammar);
  if (!parsed.ok) return undefined;
  const { tree, constants } = withoutConstants(parsed.value.statement);
  const parameters = bound.value.parameters.map(({ value }) => constantOf(value));
  const all = [...constants, ...parameters];
  if (all.length > MAX_CONSTANTS || bytesOf(all) > MAX_VALUE_BYTES) return undefined;
  return { digest: digestOfShape(tree, parameters, statement.body), constants: all };
}

/** Canonical JSON of each part by itself, so that a tree of any size is hashed without being copied again. */
function digestOfShape(tree: JsonValue, parameters: readonly Constant[], body: JsonValue | undefined): string {
  const hash = createHash('sha256');
  hash.update(canonicalJson(tree));
  hash.update(digestOf(toJson({ v: 1, parameters: parameters.map(({ type }) => type), body: [body ?? null] })));
  return hash.digest('hex');
}

const bytesOf = (constants: readonly Constant[]): number =>
  constants.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);

/** A parameter is a constant that is sent beside the text; places stand in the tree, values here, in the order of `$n`. */
function constantOf(value: DataApiValue): Constant {
  switch (value.kind) {
    case 'null':
      return { type: 'null', value: '' };
    case 'boolean':
      return { type: 'boolean', value: String(value.value) };
    case 'long':
      return { type: 'integer', value: String(value.value) };
    case 'decimal':
      return { type: 'decimal', value: value.value };
    case 'text':
      return { type: 'text', value: value.value };
  }
}
