import type { Node } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { canonical } from '../catalogue/index.ts';
import { isBomb, isVouched } from '../catalogue/builtins.ts';
import { NOT_VOUCHED } from '../catalogue/builtin-exceptions.ts';
import type { FunctionFacts, OperatorFacts } from '../catalogue/model.ts';
import { NOWHERE, madeOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { Walk } from './walk.ts';

export interface Call {
  readonly schema: string | undefined;
  readonly name: string;
  readonly arguments: readonly Provenance[];
  readonly location: number | undefined;
  /** No argument is a number that could make the answer huge. */
  readonly modest: boolean;
}

/** What a function name can mean here. */
export function isFunctionName(walk: Walk, schema: string | undefined, name: string): boolean {
  return isBuiltinName(walk, schema, name) || (walk.catalogue?.functions(schema, name).length ?? 0) > 0;
}

function isBuiltinName(walk: Walk, schema: string | undefined, name: string): boolean {
  if (schema !== undefined && schema !== 'pg_catalog') return false;
  return isVouched(name, false) || (walk.catalogue?.callsVolatile(name) ?? false) || isRefused(name);
}

function isRefused(name: string): boolean {
  return NOT_VOUCHED.some(([pattern]) => pattern.exec(name)?.[0] === name);
}

/**
 * A function that would run. Built-ins are pure only when the server's catalogue and our list agree; every user
 * function that the name can mean is a call of its own, since PostgreSQL picks among overloads by argument types.
 */
export function callFunction(walk: Walk, call: Call): Provenance {
  const shown = shownName(call);
  walk.asksFor(walk.userType(call.schema, call.name) ?? `pg_catalog.${call.name}`);
  const missing = `No function ${shown} is known.`;
  if (walk.catalogue === undefined && call.schema !== 'pg_catalog') walk.lacks(missing, call.location);
  const users = usersNamed(walk, call);
  const builtin = builtinNamed(walk, call);
  if (isBomb(call.name) && !call.modest) walk.found.expensive = true;
  if (builtin === 'impure') add(walk, call, `pg_catalog.${call.name}`, false);
  for (const user of users) addUser(walk, call, user, builtin === 'pure');
  if (users.length === 0 && builtin === 'none') {
    // Still an effect: without a catalogue the answer should say what it would call.
    add(walk, call, shown, false);
    walk.lacks(missing, call.location);
  }
  if (builtin === 'pure' && users.length === 0) return madeOf(call.arguments);
  return unknownFrom(`${shown}() is not vouched for: its value may come from anywhere`);
}

const shownName = ({ schema, name }: Call): string => (schema === undefined ? name : `${schema}.${name}`);

function usersNamed(walk: Walk, { schema, name }: Call): readonly FunctionFacts[] {
  return walk.catalogue?.functions(schema, name) ?? [];
}

function builtinNamed(walk: Walk, { schema, name }: Call): 'pure' | 'impure' | 'none' {
  if (!isBuiltinName(walk, schema, name)) return 'none';
  return isVouched(name, walk.catalogue?.callsVolatile(name) ?? false) ? 'pure' : 'impure';
}

/** A user overload beside a pure built-in runs only if its own argument types take part in the statement. */
function addUser(walk: Walk, call: Call, user: FunctionFacts, besidePure: boolean): void {
  const attributes = { securityDefiner: user.securityDefiner };
  const finding = {
    action: 'sql:call',
    kind: 'function',
    name: canonical(user),
    at: walk.span(call.location),
    attributes,
  } as const;
  if (besidePure) walk.addIfTypesTakePart(user.arguments, finding);
  else walk.add(finding);
}

function add(walk: Walk, call: Call, name: string, securityDefiner: boolean): void {
  walk.add({
    action: 'sql:call',
    kind: 'function',
    name,
    at: walk.span(call.location),
    attributes: { securityDefiner },
  });
}

/**
 * Operators run functions. Built-in ones are PostgreSQL's own and pure; a user operator of the same name runs when its
 * operand types take part.
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
  const users = (walk.catalogue?.operators(schema, symbol) ?? []).filter(
    (operator) => !runsBuiltin(operator.function) && canTake(operator, operands),
  );
  for (const operator of users) {
    const types = [operator.left, operator.right].filter((type) => type !== null);
    const attributes = { via: `operator ${symbol}` };
    walk.addIfTypesTakePart(
      types,
      {
        action: 'sql:call',
        kind: 'function',
        name: operator.function,
        at: walk.span(location),
        attributes,
      },
      ROW_COMPARISONS.has(symbol),
    );
  }
  const certain = users.every((operator) =>
    [operator.left, operator.right].some((type) => type !== null && !type.startsWith('pg_catalog.')),
  );
  return certain ? NOWHERE : unknownFrom(`the operator ${symbol} runs a function that is not vouched for`);
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
