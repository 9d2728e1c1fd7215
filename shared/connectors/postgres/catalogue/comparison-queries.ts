import { FIRST_USER_OID, functionName } from './query-parts.ts';

/**
 * Which user functions compare and hash values. Sorting, grouping, DISTINCT, set operations, hash and merge joins, and
 * many built-in functions compare by the operator classes of types and operators (PostgreSQL 18, 36.16), and no name in
 * a statement says so. Functions in C are left out: only a superuser can make one, and extensions bring them.
 */

/** Support functions and operators of every operator family, by the types that they are for. */
const members = `SELECT ap.amprocfamily AS family, ap.amproclefttype AS l, ap.amprocrighttype AS r, ap.amproc::oid AS function FROM pg_catalog.pg_amproc ap
  UNION SELECT ao.amopfamily, ao.amoplefttype, ao.amoprighttype, mo.oprcode::oid FROM pg_catalog.pg_amop ao
    JOIN pg_catalog.pg_operator mo ON mo.oid = ao.amopopr`;

const userMembers = `SELECT m.family, m.l, m.r, to_jsonb(${functionName('m.function')}) AS function FROM (${members}) m
  JOIN pg_catalog.pg_proc mp ON mp.oid = m.function JOIN pg_catalog.pg_language ml ON ml.oid = mp.prolang
  WHERE m.function >= ${FIRST_USER_OID} AND ml.lanname NOT IN ('c', 'internal')`;

/** By operator class: what an index or a partitioning with it runs. */
export const CLASS_CODE = `SELECT oc.oid AS class, oc.opcintype AS type, u.function FROM pg_catalog.pg_opclass oc
  JOIN (${userMembers}) u ON u.family = oc.opcfamily AND u.l = oc.opcintype`;

/** By type: of its classes, of those of its arrays, and of the class by which a range compares its bounds. */
export const TYPE_CODE = `SELECT coalesce(arr.oid, cc.type) AS type, cc.function FROM (${CLASS_CODE}) cc
    LEFT JOIN pg_catalog.pg_type arr ON arr.typarray = cc.type
  UNION SELECT rg.rngtypid, cc.function FROM pg_catalog.pg_range rg JOIN (${CLASS_CODE}) cc ON cc.class = rg.rngsubopc`;

/**
 * By operator: the code of the families that it is a member of. `ORDER BY x USING <#` sorts, and `a =# b` may be a hash
 * join, by that code, even where the operator itself is another name for a built-in function. Of built-in operators
 * only those that PostgreSQL has in no family of its own for that method: there its own comes first.
 */
export const OPERATOR_CODE = `SELECT om.amopopr AS operator, u.function FROM pg_catalog.pg_amop om
  JOIN (${userMembers}) u ON u.family = om.amopfamily AND u.l IN (om.amoplefttype, om.amoprighttype) AND u.r IN (om.amoplefttype, om.amoprighttype)
  WHERE om.amopopr >= ${FIRST_USER_OID} OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_amop own
    WHERE own.amopopr = om.amopopr AND own.amopmethod = om.amopmethod AND own.amopfamily < ${FIRST_USER_OID})`;

/** Functions of default classes for built-in types: then no comparison at all is PostgreSQL's own for certain. */
export const BUILTIN_CODE = `SELECT DISTINCT cc.function FROM (${CLASS_CODE}) cc
  JOIN pg_catalog.pg_opclass dc ON dc.oid = cc.class AND dc.opcdefault
  LEFT JOIN pg_catalog.pg_type arr ON arr.typarray = cc.type
  WHERE coalesce(arr.oid, cc.type) < ${FIRST_USER_OID}`;
