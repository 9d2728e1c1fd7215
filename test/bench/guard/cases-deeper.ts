/**
 * Code that runs although nothing in the statement, not even an operator or a type, names it: what the planner computes
 * beforehand, and what sorting, grouping and joining compare by. `{x}` becomes a random name.
 */
const five = (name: string, type: string): string[] =>
  ['<', '<=', '=', '>=', '>'].map(
    (symbol, index) =>
      `CREATE FUNCTION {${name}_${index}}(${type}, ${type}) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.{d_log}(1); RETURN $1::text ${symbol} $2::text; END $$`,
  );
const operators = (name: string, type: string): string[] =>
  ['<', '<=', '=', '>=', '>'].map(
    (symbol, index) =>
      `CREATE OPERATOR ${symbol} (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = {${name}_${index}}${symbol === '=' ? ', HASHES, MERGES' : ''})`,
  );
const ORDER = 'OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >';

const LOG: readonly string[] = [
  `CREATE TABLE {d_rows} (id bigserial PRIMARY KEY, what text)`,
  `CREATE FUNCTION {d_write}(x int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.{d_rows} (what) VALUES ('d'); RETURN x; END $$`,
  `CREATE FUNCTION {d_log}(x int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.{d_write}(x); RETURN x; END $$`,
  `CREATE FUNCTION {d_cmp}(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.{d_log}(1); RETURN $1 - $2; END $$`,
  `CREATE FUNCTION {d_hash}(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.{d_log}(1); RETURN $1; END $$`,
];

export const DEEPER: readonly string[] = [
  ...LOG,
  ...['t_index', 't_predicate', 't_statistics', 't_inlined', 't_checked', 't_plain'].flatMap((table) => [
    `CREATE TABLE {${table}} (a int, b text)`,
    `INSERT INTO {${table}} SELECT i, 'b' FROM generate_series(1, 5) i`,
  ]),
  `CREATE INDEX ON {t_index} ((a + {d_log}(1)))`,
  `CREATE INDEX ON {t_predicate} (a) WHERE a > {d_log}(1)`,
  `CREATE STATISTICS {t_stat} ON (a + {d_log}(1)), b FROM {t_statistics}`,
  `CREATE FUNCTION {d_inlined}(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT public.{d_log}(1) + x'`,
  `CREATE INDEX ON {t_inlined} ({d_inlined}(a))`,
  `CREATE INDEX ON {t_plain} (lower(b), (a * (1 + 2)))`,
  `CREATE TABLE {t_parent} (a int, b text)`,
  `CREATE TABLE {t_child} (CHECK (a > {d_log}(1))) INHERITS ({t_parent})`,
  `INSERT INTO {t_child} VALUES (5, 'x')`,
  `CREATE TABLE {t_routed} (a int, b text) PARTITION BY RANGE ((a + {d_log}(1)))`,
  `CREATE TABLE {t_routed_1} PARTITION OF {t_routed} FOR VALUES FROM (0) TO (100)`,
  `CREATE MATERIALIZED VIEW {t_stored} AS SELECT a FROM {t_plain}`,
  `CREATE INDEX ON {t_stored} ((a + {d_log}(1)))`,
  `CREATE OPERATOR CLASS {c_int} FOR TYPE int USING btree AS ${ORDER}, FUNCTION 1 {d_cmp}(int, int)`,
  `CREATE TYPE {r_int} AS RANGE (subtype = int, subtype_opclass = {c_int}, multirange_type_name = {m_int})`,
  `CREATE TABLE {t_range} (r {r_int})`,
  `INSERT INTO {t_range} VALUES ('[1,5]')`,
  ...Object.entries({ '<#': 'int4lt', '<=#': 'int4le', '>=#': 'int4ge', '>#': 'int4gt' }).map(
    ([symbol, name]) => `CREATE OPERATOR ${symbol} (LEFTARG = int, RIGHTARG = int, FUNCTION = ${name})`,
  ),
  `CREATE OPERATOR =# (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, HASHES, MERGES, COMMUTATOR = =#)`,
  `CREATE OPERATOR CLASS {c_alias} FOR TYPE int USING btree AS OPERATOR 1 <#, OPERATOR 2 <=#, OPERATOR 3 =#, OPERATOR 4 >=#, OPERATOR 5 >#, FUNCTION 1 {d_cmp}(int, int)`,
  `CREATE OPERATOR CLASS {c_hash} FOR TYPE int USING hash AS OPERATOR 1 =#, FUNCTION 1 {d_hash}(int)`,
  `CREATE TYPE {shade} AS ENUM ('a', 'b', 'c')`,
  ...five('f_shade', '{shade}'),
  ...operators('f_shade', '{shade}'),
  `CREATE OPERATOR CLASS {c_shade} DEFAULT FOR TYPE {shade} USING btree AS ${ORDER}, FUNCTION 1 ({shade}, {shade}) enum_cmp(anyenum, anyenum)`,
  `CREATE TABLE {t_shades} (h {shade}, hs {shade}[], a int)`,
  `INSERT INTO {t_shades} VALUES ('a', ARRAY['a', 'b']::{shade}[], 1), ('a', ARRAY['b']::{shade}[], 2), ('b', NULL, 3)`,
  `CREATE DOMAIN {d_strict} AS int CHECK ({d_log}(VALUE) > 0)`,
  `CREATE AGGREGATE {d_agg}(int) (SFUNC = {d_cmp}, STYPE = int, INITCOND = '0')`,
];

export const DEEPER_CASES: readonly string[] = [
  ...['t_index', 't_predicate', 't_statistics', 't_inlined', 't_parent', 't_child', 't_routed', 't_stored'].flatMap(
    (table) => [`SELECT * FROM {${table}}`, `SELECT count(*) FROM {${table}} WHERE a = {#}`],
  ),
  `EXPLAIN SELECT a FROM {t_index}`,
  `SELECT '[1,5]'::{r_int}`,
  `SELECT '{[1,5],[2,6]}'::{m_int}`,
  `SELECT r && '[2,3]' FROM {t_range}`,
  `SELECT range_merge(r, r) FROM {t_range}`,
  `SELECT json_value('"[1,5]"', '$' RETURNING {r_int})`,
  `SELECT a FROM {t_plain} ORDER BY a USING <#`,
  `SELECT array_agg(a ORDER BY a USING >#) FROM {t_plain}`,
  `SELECT sum(a) OVER (ORDER BY a USING <#) FROM {t_plain}`,
  `SELECT DISTINCT ON (a) b FROM {t_plain} ORDER BY a USING <#`,
  `SELECT x.a FROM {t_plain} x JOIN {t_plain} y ON x.a =# y.a`,
  `SELECT a FROM {t_plain} WHERE a =# ANY (SELECT a FROM {t_plain})`,
  `SELECT a FROM {t_plain} WHERE a =# ANY (ARRAY[1,2,3,4,5,6,7,8,9,10])`,
  `SELECT DISTINCT h FROM {t_shades}`,
  `SELECT h, count(*) FROM {t_shades} GROUP BY h`,
  `SELECT h FROM {t_shades} UNION SELECT h FROM {t_shades}`,
  `SELECT * FROM {t_shades} EXCEPT SELECT * FROM {t_shades}`,
  `SELECT count(DISTINCT h) FROM {t_shades}`,
  `SELECT rank() OVER (PARTITION BY h ORDER BY a) FROM {t_shades}`,
  `SELECT mode() WITHIN GROUP (ORDER BY h) FROM {t_shades}`,
  `SELECT array_remove(hs, 'a') FROM {t_shades}`,
  `SELECT hs = hs, ROW(h) = ROW(h) FROM {t_shades}`,
  `SELECT h IN ('a', 'b'), nullif(h, 'a'), CASE h WHEN 'a' THEN 1 END FROM {t_shades}`,
  `SELECT (a).{d_strict} FROM {t_plain}`,
  `SELECT {d_agg}(a) FROM {t_plain}`,
];

/** Beside all of that these stay reads. */
export const DEEPER_READS: readonly string[] = [
  `SELECT a, b FROM {t_plain} WHERE lower(b) = 'b' AND a * 3 > {#} ORDER BY a`,
  `SELECT a, count(DISTINCT b) FROM {t_plain} GROUP BY a`,
  `SELECT int4range(1, 5) && '[2,3]', '{[1,2]}'::int4multirange`,
];

/** A database where two built-in types compare by somebody's functions: nothing in the text tells which values are of them. */
export const COMPARED: readonly string[] = [
  ...LOG,
  `CREATE FUNCTION {j_cmp}(json, json) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.{d_log}(1); RETURN 0; END $$`,
  ...five('f_json', 'json'),
  `CREATE OPERATOR <# (LEFTARG = json, RIGHTARG = json, FUNCTION = {f_json_0})`,
  `CREATE OPERATOR <=# (LEFTARG = json, RIGHTARG = json, FUNCTION = {f_json_1})`,
  `CREATE OPERATOR =# (LEFTARG = json, RIGHTARG = json, FUNCTION = {f_json_2})`,
  `CREATE OPERATOR >=# (LEFTARG = json, RIGHTARG = json, FUNCTION = {f_json_3})`,
  `CREATE OPERATOR ># (LEFTARG = json, RIGHTARG = json, FUNCTION = {f_json_4})`,
  `CREATE OPERATOR CLASS {j_ops} DEFAULT FOR TYPE json USING btree AS OPERATOR 1 <#, OPERATOR 2 <=#, OPERATOR 3 =#, OPERATOR 4 >=#, OPERATOR 5 >#, FUNCTION 1 {j_cmp}(json, json)`,
  `CREATE FUNCTION {a_cmp}(float8[], float8[]) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.{d_log}(1); RETURN 0; END $$`,
  `CREATE OPERATOR CLASS {a_ops} DEFAULT FOR TYPE float8[] USING btree AS ${ORDER.replace(/([<>=]+)(?=,|$)/g, '$1 (anyarray, anyarray)')}, FUNCTION 1 {a_cmp}(float8[], float8[])`,
  `CREATE TABLE {t_json} (j json, f float8[], a int)`,
  `INSERT INTO {t_json} VALUES ('{}', ARRAY[1], 1), ('{}', ARRAY[2], 2), ('[]', ARRAY[1], 3)`,
];

export const COMPARED_CASES: readonly string[] = [
  `SELECT DISTINCT j FROM {t_json}`,
  `SELECT a FROM {t_json} ORDER BY j`,
  `SELECT DISTINCT * FROM {t_json}`,
  `SELECT count(DISTINCT j) FROM {t_json}`,
  `SELECT DISTINCT x FROM (SELECT '{}'::json AS x UNION ALL SELECT '[]') s`,
  `SELECT json_build_array(1) UNION SELECT json_build_array(2)`,
  `SELECT DISTINCT row_to_json(t) FROM {t_json} t`,
  `SELECT greatest(j, j), greatest(f, f) FROM {t_json}`,
  `SELECT array_position(array_agg(j), '{}'::json) FROM {t_json}`,
  `SELECT max(a) OVER (PARTITION BY j) FROM {t_json}`,
];
