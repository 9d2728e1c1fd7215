import { NOT_VOUCHED } from '../../../shared/connectors/postgres/catalogue/builtin-exceptions.ts';

/** The content of builtin-functions.json. */
export interface Builtins {
  readonly source: string;
  readonly vouched: readonly string[];
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly polymorphic: readonly string[];
  readonly sets: readonly string[];
}

type Query = (sql: string) => Promise<readonly (readonly unknown[])[]>;

const BUILTIN = `pronamespace = 'pg_catalog'::regnamespace AND oid < 16384 AND prokind IN ('f', 'a', 'w')`;
const INTERNAL = `('internal', 'cstring', 'trigger', 'event_trigger', 'language_handler')`;

/** Reads from a server what it says of its built-in functions, and takes away our exceptions. */
export async function builtinsOf(query: Query): Promise<Builtins> {
  const pure = await query(`SELECT proname FROM pg_proc WHERE ${BUILTIN} GROUP BY 1
    HAVING bool_and(provolatile IN ('i', 's') AND NOT EXISTS (
      SELECT FROM pg_type t WHERE t.typname IN ${INTERNAL} AND t.oid = ANY (proargtypes::oid[] || prorettype))) ORDER BY 1`);
  const columns = await query(`SELECT proname, (array_agg(names))[1] FROM (
      SELECT proname, (SELECT string_agg(coalesce(nullif(n, ''), 'column' || i), ',' ORDER BY i)
        FROM unnest(proargnames, proargmodes) WITH ORDINALITY u(n, m, i) WHERE m IN ('o', 'b', 't')) AS names
      FROM pg_proc WHERE ${BUILTIN}) f
    GROUP BY 1 HAVING bool_and(names IS NOT NULL) AND count(DISTINCT names) = 1 ORDER BY 1`);
  const polymorphic =
    await query(`SELECT DISTINCT proname FROM pg_proc WHERE ${BUILTIN} AND proargmodes IS NULL AND prorettype IN (
      'anyelement'::regtype, 'anycompatible'::regtype, 'anynonarray'::regtype, 'anycompatiblenonarray'::regtype, 'record'::regtype) ORDER BY 1`);
  const sets = await query(`SELECT DISTINCT proname FROM pg_proc WHERE ${BUILTIN} AND proretset ORDER BY 1`);
  const [[version] = []] = await query(`SELECT current_setting('server_version')`);
  const isException = (name: string): boolean => NOT_VOUCHED.some(([pattern]) => pattern.exec(name)?.[0] === name);
  return {
    source: `PostgreSQL ${String(version).split(' ')[0] ?? ''}, pg_proc`,
    vouched: pure.map(([name]) => String(name)).filter((name) => !isException(name)),
    columns: Object.fromEntries(columns.map(([name, names]) => [String(name), String(names).split(',')])),
    polymorphic: polymorphic.map(([name]) => String(name)),
    sets: sets.map(([name]) => String(name)),
  };
}
