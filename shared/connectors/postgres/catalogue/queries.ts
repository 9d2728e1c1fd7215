import { BUILTIN_CODE, CLASS_CODE, OPERATOR_CODE, TYPE_CODE } from './comparison-queries.ts';
import { FIRST_USER_OID, functionName, list, relationName, typeName } from './query-parts.ts';

/**
 * The queries that take a snapshot, one a section. Each yields rows (key, fact): `key` is the oid to go on from, `fact`
 * compact JSON. Names come from the catalogues alone (PostgreSQL 18, chapter 52), never from the statement of an agent.
 */
export type Section = 'relations' | 'functions' | 'operators' | 'casts' | 'types';

/** Characters of a function's body or a rule that are looked into; a longer one stays a call that needs a permit. */
const MAX_BODY = 20_000;

/** By the table referred to: who refers to it, and what a DELETE or UPDATE does there. Grouped once, for there is no index. */
const referring = `SELECT k.confrelid AS relation,
    json_agg(DISTINCT to_jsonb(${relationName('k.conrelid')})) FILTER (WHERE k.conrelid <> k.confrelid) AS by,
    json_agg(jsonb_build_object('name', k.conname, 'relation', ${relationName('k.conrelid')}, 'event', e.event,
      'does', CASE WHEN e.event = 'delete' AND e.act = 'c' THEN 'delete' ELSE 'update' END, 'toDefault', e.act = 'd',
      'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)),
      'keys', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)))
      ORDER BY k.conname, k.conrelid, e.event) FILTER (WHERE e.act IN ('c', 'n', 'd')) AS cascades
  FROM pg_catalog.pg_constraint k, LATERAL (VALUES ('delete', k.confdeltype), ('update', k.confupdtype)) e(event, act)
  WHERE k.contype = 'f' GROUP BY k.confrelid`;

/** By relation: user functions of the operators by which its foreign keys, on both sides, and exclusions compare. */
const keyCode = `SELECT r.relation, json_agg(DISTINCT to_jsonb(${functionName('ko.oprcode')})) AS functions
  FROM pg_catalog.pg_constraint k, LATERAL (VALUES (k.conrelid), (k.confrelid)) r(relation),
    LATERAL unnest(k.conpfeqop || k.conppeqop || k.conffeqop || k.conexclop) x(operator)
    JOIN pg_catalog.pg_operator ko ON ko.oid = x.operator
  WHERE k.contype IN ('f', 'x') AND r.relation <> 0 AND ko.oprcode::oid >= ${FIRST_USER_OID} GROUP BY r.relation`;

/** By relation: user functions that compare or hash its indexed or partitioning columns. */
const indexCode = `SELECT u.relation, json_agg(DISTINCT s.function) AS functions
  FROM (SELECT i.indrelid AS relation, unnest(i.indclass::oid[]) AS class FROM pg_catalog.pg_index i
    UNION SELECT pt.partrelid, unnest(pt.partclass::oid[]) FROM pg_catalog.pg_partitioned_table pt) u
  JOIN (${CLASS_CODE}) s ON s.class = u.class GROUP BY u.relation`;

/** By partitioned table: the columns that decide on the partition of a row; `*` where an expression does. */
const partitionBy = `SELECT pt.partrelid AS relation, CASE WHEN pt.partexprs::text IS NULL THEN json_agg(pa.attname ORDER BY pa.attnum) ELSE '["*"]' END AS columns
  FROM pg_catalog.pg_partitioned_table pt LEFT JOIN pg_catalog.pg_attribute pa ON pa.attrelid = pt.partrelid AND pa.attnum = ANY (pt.partattrs::int2[])
  GROUP BY pt.partrelid, pt.partexprs::text`;

/** By relation: the views over it. */
const viewsOver = `SELECT d.refobjid AS relation, json_agg(DISTINCT to_jsonb(${relationName('r.ev_class')})) AS views
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
  WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
    AND r.ev_class <> d.refobjid AND r.ev_class >= ${FIRST_USER_OID} GROUP BY d.refobjid`;

/**
 * Tags in the comments of a column and of its table: `COMMENT ON COLUMN … IS 'where to write to @contact'`. Only these words
 * are taken; comments can be long.
 */
const columnTags = `(SELECT json_agg(DISTINCT m.tag[1]) FROM pg_catalog.pg_description d,
      LATERAL regexp_matches(d.description, '(?:^|\\s)([@#][A-Za-z0-9_.:/-]{1,63}|countersign:[a-z0-9_.]{1,63})', 'g') m(tag)
    WHERE d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = c.oid AND d.objsubid IN (0, a.attnum))`;

const relations = `SELECT c.oid AS key, json_strip_nulls(json_build_object(
    'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'partition', c.relispartition,
    'columns', coalesce((SELECT json_agg(json_build_object('name', a.attname, 'type', ${typeName('a.atttypid')},
        'value', CASE WHEN c.oid >= ${FIRST_USER_OID} THEN coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), pg_catalog.pg_get_expr(dt.typdefaultbin, 0)) END,
        'array', CASE WHEN ty.typcategory = 'A' THEN true END,
        'generated', CASE WHEN a.attgenerated <> '' THEN true END,
        'tags', CASE WHEN c.oid >= ${FIRST_USER_OID} THEN ${columnTags} END)
        ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_catalog.pg_type dt ON dt.oid = a.atttypid AND dt.typtype = 'd'
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'::json),
    'definition', CASE WHEN c.relkind IN ('v', 'm') AND c.oid >= ${FIRST_USER_OID} THEN pg_catalog.pg_get_viewdef(c.oid) END,
    'parents', ${list(`SELECT to_json(${relationName('i.inhparent')}) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid`)},
    'triggers', ${list(`SELECT json_build_object('name', t.tgname, 'function', ${functionName('t.tgfoid')}, 'events',
        array_remove(ARRAY[CASE WHEN t.tgtype & 4 > 0 THEN 'insert' END, CASE WHEN t.tgtype & 16 > 0 THEN 'update' END,
          CASE WHEN t.tgtype & 8 > 0 THEN 'delete' END, CASE WHEN t.tgtype & 32 > 0 THEN 'truncate' END], NULL),
        'definition', CASE WHEN t.tgqual IS NOT NULL THEN left(pg_catalog.pg_get_triggerdef(t.oid), ${MAX_BODY}) END)
      FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'`)},
    'rules', ${list(`SELECT json_build_object('name', r.rulename, 'event', CASE r.ev_type WHEN '2' THEN 'update' WHEN '3' THEN 'insert' ELSE 'delete' END,
        'definition', left(pg_catalog.pg_get_ruledef(r.oid), ${MAX_BODY}))
      FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1' AND r.ev_enabled <> 'D'
        AND c.oid >= ${FIRST_USER_OID}`)},
    'cascades', coalesce(fk.cascades, '[]'::json), 'referencedBy', coalesce(fk.by, '[]'::json),
    'dependents', coalesce(dep.views, '[]'::json), 'supports', coalesce(sup.functions, '[]'::json),
    'keyCode', keys.functions, 'partitionBy', pk.columns,
    'statistics', (SELECT json_agg(x.expression ORDER BY x.expression) FROM pg_catalog.pg_statistic_ext st, unnest(pg_catalog.pg_get_statisticsobjdef_expressions(st.oid)) x(expression)
        WHERE st.stxrelid = c.oid),
    'unique', ${list(`SELECT DISTINCT to_jsonb(a.attname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
      WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion) AND c.oid >= ${FIRST_USER_OID} AND (a.attnum = ANY (i.indkey)
        OR EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
          AND d.refobjid = c.oid AND d.refobjsubid = a.attnum))`)},
    'references', ${list(`SELECT jsonb_build_object('column', a.attname, 'relation', ${relationName('k.confrelid')}, 'key', b.attname)
      FROM pg_catalog.pg_constraint k, LATERAL unnest(k.conkey, k.confkey) u(here, there)
      JOIN pg_catalog.pg_attribute a ON a.attnum = u.here JOIN pg_catalog.pg_attribute b ON b.attnum = u.there
      WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attrelid = k.conrelid AND b.attrelid = k.confrelid`)},
    'checks', ${list(`SELECT to_json(pg_catalog.pg_get_expr(k.conbin, k.conrelid)) FROM pg_catalog.pg_constraint k
        WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.oid >= ${FIRST_USER_OID}
      UNION ALL SELECT to_json(x.expression) FROM pg_catalog.pg_index i, LATERAL (VALUES (pg_catalog.pg_get_expr(i.indexprs, i.indrelid)),
        (pg_catalog.pg_get_expr(i.indpred, i.indrelid))) x(expression)
        WHERE i.indrelid = c.oid AND x.expression IS NOT NULL AND c.oid >= ${FIRST_USER_OID}
      UNION ALL SELECT to_json(pg_catalog.pg_get_expr(pt.partexprs, pt.partrelid)) FROM pg_catalog.pg_partitioned_table pt
        WHERE pt.partrelid = c.oid AND pt.partexprs IS NOT NULL`)},
    'policies', ${list(`SELECT to_json(x.expression) FROM pg_catalog.pg_policy p, LATERAL (VALUES (pg_catalog.pg_get_expr(p.polqual, p.polrelid)),
        (pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))) x(expression)
      WHERE p.polrelid = c.oid AND c.relrowsecurity AND x.expression IS NOT NULL`)}
  ))::text AS fact
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (${referring}) fk ON fk.relation = c.oid LEFT JOIN (${viewsOver}) dep ON dep.relation = c.oid
  LEFT JOIN (${indexCode}) sup ON sup.relation = c.oid LEFT JOIN (${keyCode}) keys ON keys.relation = c.oid
  LEFT JOIN (${partitionBy}) pk ON pk.relation = c.oid
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_(toast|temp)'`;

const functions = `SELECT p.oid AS key, json_strip_nulls(json_build_object('schema', n.nspname, 'name', p.proname, 'kind', p.prokind,
    'volatility', p.provolatile, 'set', CASE WHEN p.proretset THEN true END, 'securityDefiner', p.prosecdef, 'language', l.lanname,
    'arguments', coalesce((SELECT json_agg(${typeName('u.o')} ORDER BY u.i) FROM unnest(p.proargtypes) WITH ORDINALITY u(o, i)), '[]'::json),
    'body', CASE WHEN l.lanname = 'sql' AND p.prokind IN ('f', 'p') AND p.proconfig IS NULL AND p.oid >= ${FIRST_USER_OID} AND length(p.prosrc) <= ${MAX_BODY}
      THEN coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) END,
    'defaults', CASE WHEN p.oid >= ${FIRST_USER_OID} THEN pg_catalog.pg_get_expr(p.proargdefaults, 0) END,
    'supports', (SELECT json_agg(DISTINCT to_jsonb(${functionName('x.part')})) FROM pg_catalog.pg_aggregate g,
      LATERAL (VALUES (g.aggtransfn), (g.aggfinalfn), (g.aggcombinefn), (g.aggmtransfn), (g.aggminvtransfn), (g.aggmfinalfn)) x(part)
      WHERE g.aggfnoid = p.oid AND x.part::oid >= ${FIRST_USER_OID})))::text AS fact
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE NOT (n.nspname = 'pg_catalog' AND p.oid < ${FIRST_USER_OID} AND l.lanname IN ('internal', 'c', 'sql')) AND n.nspname !~ '^pg_(toast|temp)'`;

const operators = `SELECT o.oid AS key, json_build_object('schema', n.nspname, 'name', o.oprname, 'left', ${typeName('o.oprleft')},
    'right', ${typeName('o.oprright')}, 'function', coalesce(${functionName('o.oprcode')}, ''), 'supports', coalesce(sup.functions, '[]'::json))::text AS fact
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
  LEFT JOIN (SELECT s.operator, json_agg(DISTINCT s.function) AS functions FROM (${OPERATOR_CODE}) s GROUP BY s.operator) sup ON sup.operator = o.oid
  WHERE o.oid >= ${FIRST_USER_OID} OR sup.operator IS NOT NULL`;

const casts = `SELECT c.oid AS key, json_build_object('source', ${typeName('c.castsource')}, 'target', ${typeName('c.casttarget')},
    'function', ${functionName('c.castfunc')}, 'context', c.castcontext)::text AS fact
  FROM pg_catalog.pg_cast c WHERE c.castfunc <> 0 AND c.oid >= ${FIRST_USER_OID}`;

const types = `SELECT t.oid AS key, json_build_object('schema', n.nspname, 'name', t.typname, 'kind', t.typtype,
    'parts', ${list(`SELECT to_json(${typeName('t.typbasetype')}) WHERE t.typtype = 'd'
      UNION ALL SELECT to_json(${typeName('a.atttypid')}) FROM pg_catalog.pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL SELECT to_json(${typeName('r.rngsubtype')}) FROM pg_catalog.pg_range r WHERE t.oid = r.rngtypid
      UNION ALL SELECT to_json(${typeName('r.rngtypid')}) FROM pg_catalog.pg_range r WHERE t.oid = r.rngmultitypid`)},
    'checks', ${list(`SELECT to_json(pg_catalog.pg_get_expr(k.conbin, 0)) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'`)},
    'supports', coalesce(sup.functions, '[]'::json))::text AS fact
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN (SELECT s.type, json_agg(DISTINCT s.function) AS functions FROM (${TYPE_CODE}) s GROUP BY s.type) sup ON sup.type = t.oid
  WHERE t.oid >= ${FIRST_USER_OID} AND t.typtype IN ('e', 'd', 'c', 'b', 'r', 'm') AND n.nspname !~ '^pg_(toast|temp)'
    AND NOT (t.typcategory = 'A' AND t.typelem <> 0)`;

export const SECTIONS: Readonly<Record<Section, string>> = { relations, functions, operators, casts, types };

/** In milliseconds, whatever unit it was given in. */
const TIMEOUT = `(SELECT ts.setting::bigint FROM pg_catalog.pg_settings ts WHERE ts.name = 'statement_timeout')`;

/** One row, one fact: how the session reads names and literals, and how long it may take. */
export const SETTINGS_QUERY = `SELECT json_build_object('searchPath', current_schemas(true),
    'serverVersion', current_setting('server_version_num')::int,
    'standardConformingStrings', current_setting('standard_conforming_strings') = 'on',
    'rowSecurity', current_setting('row_security') = 'on', 'statementTimeout', ${TIMEOUT},
    'volatileBuiltins', ${list(`SELECT DISTINCT to_json(p.proname)::text::json::jsonb FROM pg_catalog.pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.oid < ${FIRST_USER_OID} AND p.provolatile = 'v'`)},
    'eventTriggers', ${list(`SELECT to_json(${functionName('t.evtfoid')}) FROM pg_catalog.pg_event_trigger t WHERE t.evtenabled <> 'D'`)},
    'builtinComparisons', ${list(BUILTIN_CODE)})::text AS fact`;

/** One row, one fact: the same of the login that writes. */
export const WRITER_QUERY = `SELECT json_build_object('searchPath', current_schemas(true),
    'standardConformingStrings', current_setting('standard_conforming_strings') = 'on',
    'rowSecurity', current_setting('row_security') = 'on', 'statementTimeout', ${TIMEOUT})::text AS fact`;

/**
 * One page of a section: as many facts as fit into 700,000 bytes (the Data API stops at 1 MiB), at least one. `after`
 * is an oid we were given as a number, so it needs no parameter.
 */
export function pageOf(section: Section, after: number): string {
  return `SELECT key::bigint AS key, fact FROM (
    SELECT key, fact, sum(octet_length(fact)) OVER (ORDER BY key) - octet_length(fact) AS before FROM (${SECTIONS[section]}) facts WHERE key > ${Math.trunc(after)}
  ) page WHERE before < 700000 ORDER BY key LIMIT 5000`;
}
