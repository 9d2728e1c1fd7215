import data from './builtin-functions.json' with { type: 'json' };
import { BOMBS, VOLATILE_BUT_HARMLESS } from './builtin-exceptions.ts';

/**
 * What we vouch for in pg_catalog. `builtin-functions.json` lists the names all of whose overloads PostgreSQL itself
 * calls immutable or stable, less the exceptions; test/postgres/builtins.test.ts compares it with a real server.
 */
const vouched: ReadonlySet<string> = new Set(data.vouched);
const harmless: ReadonlySet<string> = new Set(Object.keys(VOLATILE_BUT_HARMLESS));
const columns: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(data.columns));

const polymorphic: ReadonlySet<string> = new Set(data.polymorphic);

const sets: ReadonlySet<string> = new Set(data.sets);

/** It gives any number of rows, in a select list too. */
export function isSetReturning(name: string): boolean {
  return sets.has(name);
}

/** Its type is that of an argument, or a record: in FROM it may turn out to have any number of columns. */
export function returnsAnyRow(name: string): boolean {
  return polymorphic.has(name);
}

/** `callsVolatile` is what the target's own catalogue says of the name: volatile there wins over our list. */
export function isVouched(name: string, callsVolatile: boolean): boolean {
  return harmless.has(name) || (vouched.has(name) && !callsVolatile);
}

/** Output columns of a built-in with OUT parameters. */
export function builtinColumns(name: string): readonly string[] | undefined {
  return columns.get(name);
}

export function isBomb(name: string): boolean {
  return BOMBS.has(name);
}
