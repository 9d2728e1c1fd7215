import type { Constant } from '../../../domain/shape.ts';
import type { JsonValue } from '../../../platform/json-value.ts';

/**
 * Where a thing stands in the text, not what it is (nodes/parsenodes.h: ParseLoc members). Numbers only:
 * `CreateTableSpaceStmt.location` is a path, and is part of the statement.
 */
const PLACES = new Set([
  'location',
  'name_location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
]);

export interface Bare {
  readonly tree: JsonValue;
  /** In the order in which the tree holds them. */
  readonly constants: readonly Constant[];
}

/**
 * A tree with every constant (`A_Const`) put as its type and number. The parser has bounded the tree's depth (grammar/
 * parse.ts), so recursion is safe. What is a constant to us and a name to PostgreSQL (`'orders'::regclass`) is a
 * constant all the same: it may vary only where an approver has said so.
 */
export function withoutConstants(root: unknown): Bare {
  const constants: Constant[] = [];
  const bare = (value: unknown): JsonValue => {
    if (Array.isArray(value)) return value.map(bare);
    if (typeof value !== 'object' || value === null) return plain(value);
    const constant = constantIn(value);
    if (constant !== undefined) {
      constants.push(constant);
      return { constant: constants.length - 1, type: constant.type };
    }
    const members = Object.entries(value).filter(([name, inner]) => !(PLACES.has(name) && typeof inner === 'number'));
    return Object.fromEntries(members.map(([name, inner]) => [name, bare(inner)]));
  };
  return { tree: bare(root), constants };
}

function plain(value: unknown): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  return null;
}

/** `{A_Const: {ival: {ival: 5}}}` and its kin. Zero, empty and false are left out of the tree: `{ival: {}}` is 0. */
function constantIn(node: object): Constant | undefined {
  const inside = memberOf(node, 'A_Const');
  if (inside === undefined || Object.keys(node).length !== 1) return undefined;
  if (Reflect.get(inside, 'isnull') === true) return { type: 'null', value: '' };
  for (const { member, type, empty } of KINDS) {
    const held = memberOf(inside, member);
    if (held === undefined) continue;
    const value: unknown = Reflect.get(held, member);
    if (value === undefined) return { type, value: empty };
    // A member of another type would be a tree that we do not know, so it stays a tree.
    return isScalar(value) ? { type, value: String(value) } : undefined;
  }
  return undefined;
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const KINDS = [
  { member: 'ival', type: 'integer', empty: '0' },
  { member: 'fval', type: 'decimal', empty: '' },
  { member: 'sval', type: 'text', empty: '' },
  { member: 'boolval', type: 'boolean', empty: 'false' },
  { member: 'bsval', type: 'bits', empty: '' },
] as const;

function memberOf(value: object, name: string): object | undefined {
  const member: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  return typeof member === 'object' && member !== null ? member : undefined;
}
