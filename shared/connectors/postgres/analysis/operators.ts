import type { Node } from 'libpg-query';
import { isVouched } from '../catalogue/builtins.ts';
import type { OperatorFacts } from '../catalogue/model.ts';
import { as } from '../grammar/nodes.ts';
import { NOWHERE, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { Walk } from './walk.ts';

/**
 * Operators run functions. Built-in ones are PostgreSQL's own and pure; a user operator of the same name runs when its
 * operand types take part, and so does the code of the operator families that it is a member of.
 */
export function useOperator(
  walk: Walk,
  name: readonly string[],
  location: number | undefined,
  operands: readonly (Node | undefined)[] = [],
): Provenance {
  const symbol = name.at(-1) ?? '';
  const schema = name.length > 1 ? name.at(-2) : undefined;
  if (walk.catalogue === undefined && schema !== 'pg_catalog') walk.lacks(`No operator ${symbol} is known.`, location);
  const meant = (walk.catalogue?.operators(schema, symbol) ?? []).filter((operator) => canTake(operator, operands));
  for (const operator of meant) runs(operator, walk, location);
  const certain = meant.every(
    (operator) =>
      runsBuiltin(operator.function) ||
      [operator.left, operator.right].some((type) => type !== null && !type.startsWith('pg_catalog.')),
  );
  return certain ? NOWHERE : unknownFrom(`the operator ${symbol} runs a function that is not vouched for`);
}

function runs(operator: OperatorFacts, walk: Walk, location: number | undefined): void {
  const types = [operator.left, operator.right].filter((type) => type !== null);
  const own = runsBuiltin(operator.function) ? [] : [operator.function];
  for (const name of [...own, ...(operator.supports ?? [])]) {
    const attributes = { via: `operator ${operator.name}` };
    const finding = { action: 'sql:call', kind: 'function', name, at: walk.span(location), attributes } as const;
    walk.addIfTypesTakePart(types, finding, ROW_COMPARISONS.has(operator.name));
  }
}

/** Operators that pg_catalog has for anonymous rows themselves (PostgreSQL 18, 9.25.5 and 9.25.6). */
const ROW_COMPARISONS: ReadonlySet<string> = new Set([
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  '*=',
  '*<>',
  '*<',
  '*>',
  '*<=',
  '*>=',
]);

/** A number that is written as one becomes none of these by itself: `a % 2` is no `text % text`. */
const NEVER_FROM_NUMBERS: ReadonlySet<string> = new Set(
  [
    'text',
    'varchar',
    'bpchar',
    'name',
    'bool',
    'date',
    'timestamp',
    'timestamptz',
    'interval',
    'json',
    'jsonb',
    'uuid',
    'bytea',
  ].map((type) => `pg_catalog.${type}`),
);

function canTake(operator: OperatorFacts, operands: readonly (Node | undefined)[]): boolean {
  const [left, right] = operands;
  const refuses = (type: string | null, node: Node | undefined): boolean =>
    type !== null && NEVER_FROM_NUMBERS.has(type) && isNumber(node);
  return !refuses(operator.left, left) && !refuses(operator.right, right);
}

function isNumber(node: Node | undefined): boolean {
  const constant = as(node, 'A_Const');
  return constant?.ival !== undefined || constant?.fval !== undefined;
}

/** An operator may be another name for a built-in function. */
function runsBuiltin(canonicalFunction: string): boolean {
  const prefix = 'pg_catalog.';
  return canonicalFunction.startsWith(prefix) && isVouched(canonicalFunction.slice(prefix.length), false);
}
