/**
 * Types whose values a client reads as something else than text (PostgreSQL, chapter 8), by the names that the Data API
 * gives them. Lists begin with an underscore. What is not here comes as text: enums, rows, domains, documents.
 */
const NOT_TEXT = new Set(
  [
    ...['int2', 'int4', 'int8', 'smallserial', 'serial', 'bigserial', 'oid', 'float4', 'float8', 'numeric', 'money'],
    ...['bool', 'bit', 'varbit', 'bytea', 'uuid', 'inet', 'cidr', 'macaddr', 'macaddr8', 'pg_lsn'],
    ...['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval'],
    ...['point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'geometry', 'geography'],
    ...['vector', 'halfvec', 'sparsevec', 'int2vector', 'oidvector', 'xid', 'xid8', 'cid', 'tid', 'pg_snapshot'],
    ...['int4range', 'int8range', 'numrange', 'tsrange', 'tstzrange', 'daterange'],
  ].flatMap((name) => [name, name.replace(/range$/, 'multirange')]),
);

/** Types whose values PostgreSQL itself writes, as days, times and truth: no number of a person or card, and no secret, is one. */
const NO_TEXT = new Set(['bool', 'date', 'time', 'timetz', 'timestamp', 'timestamptz']);

export const holdsNoText = (type: string): boolean => NO_TEXT.has(type);

/** Of a list, what its items are. */
export const itemType = (type: string): string => type.replace(/^_+/, '');

export const isText = (type: string): boolean => !type.startsWith('_') && !NOT_TEXT.has(type);

/** A document, as text: what stands for it must be one too. */
export const isJson = (type: string): boolean => type === 'json' || type === 'jsonb';

/** A list of such values keeps its other items when one of them is masked. */
export const isList = (type: string): boolean => type.startsWith('_');
