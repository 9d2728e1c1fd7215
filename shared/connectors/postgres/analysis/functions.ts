import { canonical } from '../catalogue/index.ts';
import { originOf } from './bodies.ts';
import { isBomb, isVouched } from '../catalogue/builtins.ts';
import { NOT_VOUCHED, looksLikeSupport } from '../catalogue/builtin-exceptions.ts';
import type { FunctionFacts } from '../catalogue/model.ts';
import { HUGE, NOWHERE, madeOf, unknownFrom } from '../lineage/provenance.ts';
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
  const builtin = users.length > 0 && looksLikeSupport(call.name) ? 'none' : builtinNamed(walk, call);
  const size = sizeOf(walk, call);
  if (builtin === 'impure') add(walk, call, `pg_catalog.${call.name}`, false);
  for (const user of users) addUser(walk, call, user, builtin === 'pure');
  if (users.length === 0 && builtin === 'none') {
    // Still an effect: without a catalogue the answer should say what it would call.
    add(walk, call, shown, false);
    walk.lacks(missing, call.location);
  }
  if (builtin === 'pure' && users.length === 0) return madeOf([...call.arguments, size]);
  return madeOf([...call.arguments, size, ...origins(users, builtin, shown, walk)]);
}

/** A value of any origin, but for functions in plain SQL whose body tells it. */
function origins(
  users: readonly FunctionFacts[],
  builtin: 'pure' | 'impure' | 'none',
  shown: string,
  walk: Walk,
): Provenance[] {
  const unknown = unknownFrom(`${shown}() is not vouched for: its value may come from anywhere`);
  if (users.length === 0 || builtin === 'impure') return [unknown];
  return users.flatMap((user) => {
    const origin = originOf(user, walk);
    return origin === undefined ? unknown : [origin.shown, origin.decides];
  });
}

/** What is out of all proportion takes long, may not fit, and may make what it is put to not fit. */
function sizeOf(walk: Walk, { name, modest, arguments: given }: Call): Provenance {
  if (!isBomb(name) || modest) return NOWHERE;
  walk.found.expensive = true;
  walk.flows.mayFail(madeOf(given));
  return LONG.has(name) ? HUGE : NOWHERE;
}

/** What they make has the length that they are told. */
const LONG: ReadonlySet<string> = new Set(['repeat', 'lpad', 'rpad', 'array_fill']);

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
