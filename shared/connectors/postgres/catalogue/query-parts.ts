/** First oid of objects that are not part of a fresh server (FirstNormalObjectId). */
export const FIRST_USER_OID = 16384;

export const typeName = (oid: string): string =>
  `(SELECT tn.nspname || '.' || te.typname FROM pg_catalog.pg_type tt
    JOIN pg_catalog.pg_type te ON te.oid = CASE WHEN tt.typcategory = 'A' AND tt.typelem <> 0 THEN tt.typelem ELSE tt.oid END
    JOIN pg_catalog.pg_namespace tn ON tn.oid = te.typnamespace WHERE tt.oid = ${oid})`;

export const functionName = (oid: string): string =>
  `(SELECT fn.nspname || '.' || fp.proname FROM pg_catalog.pg_proc fp JOIN pg_catalog.pg_namespace fn ON fn.oid = fp.pronamespace WHERE fp.oid = ${oid})`;

export const relationName = (oid: string): string =>
  `(SELECT rn.nspname || '.' || rc.relname FROM pg_catalog.pg_class rc JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace WHERE rc.oid = ${oid})`;

export const list = (query: string): string =>
  `coalesce((SELECT json_agg(q.v ORDER BY q.v::text) FROM (${query}) q(v)), '[]'::json)`;
