import { canonical } from '../catalogue/index.ts';
import { isBomb, isVouched } from '../catalogue/builtins.ts';
import { NOT_VOUCHED } from '../catalogue/builtin-exceptions.ts';
import type { FunctionFacts } from '../catalogue/model.ts';
import { madeOf, unknownFrom } from '../lineage/provenance.ts';
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
  const { schema, name } = call;
  const shown = schema === undefined ? name : `${schema}.${name}`;
  if (walk.catalogue === undefined && schema !== 'pg_catalog')
    walk.lacks(`No function ${shown} is known.`, call.location);
  const users = walk.catalogue?.functions(schema, name) ?? [];
  const builtin = isBuiltinName(walk, schema, name);
  const pure = builtin && isVouched(name, walk.catalogue?.callsVolatile(name) ?? false);
  if (builtin && !pure) add(walk, call, `pg_catalog.${name}`, false);
  if (pure && isBomb(name) && !call.modest) walk.found.expensive = true;
  for (const user of users) addUser(walk, call, user, pure);
  if (users.length === 0 && !builtin) {
    // Still an effect: without a catalogue the answer should say what it would call.
    add(walk, call, shown, false);
    walk.lacks(`No function ${shown} is known.`, call.location);
  }
  const certain = pure && users.length === 0;
  return certain
    ? madeOf(call.arguments)
    : unknownFrom(`${shown}() is not vouched for: its value may come from anywhere`);
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
export function useOperator(walk: Walk, name: readonly string[], location: number | undefined): void {
  const symbol = name.at(-1) ?? '';
  const schema = name.length > 1 ? name.at(-2) : undefined;
  if (walk.catalogue === undefined && schema !== 'pg_catalog') walk.lacks(`No operator ${symbol} is known.`, location);
  for (const operator of walk.catalogue?.operators(schema, symbol) ?? []) {
    const types = [operator.left, operator.right].filter((type) => type !== null);
    const builtin =
      operator.function.startsWith('pg_catalog.') && isVouched(operator.function.slice('pg_catalog.'.length), false);
    if (!builtin)
      walk.addIfTypesTakePart(types, {
        action: 'sql:call',
        kind: 'function',
        name: operator.function,
        at: walk.span(location),
        attributes: { via: `operator ${symbol}` },
      });
  }
}
