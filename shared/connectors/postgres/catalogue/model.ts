import * as z from 'zod';

/**
 * What a snapshot of a database holds: the names a statement can mean, and what happens when they are used. Names are
 * canonical, `schema.name`, unquoted. Expressions are SQL text as PostgreSQL prints them (pg_get_expr), parsed again here.
 */
const text = z.string();

export const columnSchema = z.strictObject({
  name: text,
  /** Element type for arrays. */
  type: text,
  /** An array, or a domain over one. */
  array: z.boolean().optional(),
  /** Default (its own, or that of its domain) or generation expression. */
  value: text.optional(),
  /** GENERATED ALWAYS AS (value): made of other columns of its row. */
  generated: z.boolean().optional(),
  /** Words of its comment, and of its table's, that begin with `@`, `#` or `countersign:`. */
  tags: z.array(text).optional(),
});

export const relationSchema = z.strictObject({
  schema: text,
  name: text,
  /** pg_class.relkind: r table, p partitioned, v view, m materialised view, f foreign, S sequence. */
  kind: z.enum(['r', 'p', 'v', 'm', 'f', 'S']),
  columns: z.array(columnSchema),
  /** Of a view or materialised view. */
  definition: text.optional(),
  /** Inherited from, or partition of. */
  parents: z.array(text),
  /** Declared PARTITION OF its parent. */
  partition: z.boolean(),
  triggers: z.array(
    z.strictObject({
      name: text,
      function: text,
      events: z.array(z.enum(['insert', 'update', 'delete', 'truncate'])),
      /** CREATE TRIGGER … WHEN (…), as PostgreSQL prints it; only of those with a condition. */
      definition: text.optional(),
    }),
  ),
  rules: z.array(
    z.strictObject({
      name: text,
      event: z.enum(['insert', 'update', 'delete']),
      /** CREATE RULE …, as PostgreSQL prints it. */
      definition: text.optional(),
    }),
  ),
  /** Referencing tables, and what a DELETE or UPDATE here does to them. */
  cascades: z.array(
    z.strictObject({
      name: text,
      relation: text,
      columns: z.array(text),
      event: z.enum(['delete', 'update']),
      does: z.enum(['delete', 'update']),
      /** Columns here that are referred to: an UPDATE of others brings nothing with it. */
      keys: z.array(text).default([]),
      /** SET DEFAULT: the defaults of those columns are computed. */
      toDefault: z.boolean().optional(),
    }),
  ),
  /** Tables whose foreign keys refer here: TRUNCATE … CASCADE empties them too. */
  referencedBy: z.array(text).default([]),
  /** Views and materialised views over it: DROP … CASCADE drops them too. */
  dependents: z.array(text).default([]),
  /** User functions that compare or hash its indexed or partitioning columns: reads run them as well. */
  supports: z.array(text).default([]),
  /** User functions by which its foreign keys (on either side) and exclusions compare: writes run them. */
  keyCode: z.array(text).optional(),
  /** Columns that decide on the partition of a row; `*` where an expression does. */
  partitionBy: z.array(text).optional(),
  /** Columns that a unique or exclusion index speaks of: a write is refused, or passed over, for values that are there. */
  unique: z.array(text).default([]),
  /** Columns of its foreign keys, and what they refer to: a write is refused for values that are not there. */
  references: z.array(z.strictObject({ column: text, relation: text, key: text })).default([]),
  /** Check constraints, index and partition expressions and predicates: evaluated by writes, in part by planning. */
  checks: z.array(text),
  /** Expressions of extended statistics: evaluated by ANALYZE, in part by planning. */
  statistics: z.array(text).optional(),
  /** Row security expressions: evaluated by reads and writes. */
  policies: z.array(text),
});

export const functionSchema = z.strictObject({
  schema: text,
  name: text,
  kind: z.enum(['f', 'p', 'a', 'w']),
  volatility: z.enum(['i', 's', 'v']),
  securityDefiner: z.boolean(),
  language: text,
  /** It gives any number of rows. */
  set: z.boolean().optional(),
  /** Types of its input arguments. */
  arguments: z.array(text),
  /** Text of one in plain SQL: the body, or `BEGIN ATOMIC … END`, or `RETURN …`. Absent: not looked into. */
  body: text.optional(),
  /** Expressions for arguments that are not given, with commas between them. */
  defaults: text.optional(),
  /** User functions that an aggregate is made of. */
  supports: z.array(text).optional(),
});

export const operatorSchema = z.strictObject({
  schema: text,
  name: text,
  left: text.nullable(),
  right: text.nullable(),
  function: text,
  /** User functions that may run in its place: those of its operator families. */
  supports: z.array(text).optional(),
});

export const castSchema = z.strictObject({
  source: text,
  target: text,
  function: text,
  /** pg_cast.castcontext: e only where the text says so, a also when a value is stored, i anywhere. */
  context: z.enum(['e', 'a', 'i']).default('i'),
});

export const typeSchema = z.strictObject({
  schema: text,
  name: text,
  /** pg_type.typtype: e enum, d domain, c composite, b base, r range, m multirange. */
  kind: z.enum(['e', 'd', 'c', 'b', 'r', 'm']),
  /** Types it is made of: a domain's base, a composite's attributes, a range's subtype. */
  parts: z.array(text),
  /** Of a domain; VALUE stands for the value. */
  checks: z.array(text),
  /** User functions of its operator classes: sorting, grouping or comparing its values runs them. */
  supports: z.array(text).default([]),
});

export const settingsSchema = z.strictObject({
  /** current_schemas(true): pg_catalog is in it, explicitly or first. */
  searchPath: z.array(text),
  serverVersion: z.number(),
  /** Off would change how every literal is read. */
  standardConformingStrings: z.boolean(),
  /** Off would make a query fail, or run, without the policies that it should be under. */
  rowSecurity: z.boolean().default(true),
  /** Milliseconds; 0 is none. Absent where nobody asked: a catalogue that is described by hand. */
  statementTimeout: z.number().optional(),
  /** Built-in functions that this server calls volatile. */
  volatileBuiltins: z.array(text),
  /** Functions of enabled event triggers: they run on DDL. */
  eventTriggers: z.array(text),
  /** User functions of default operator classes for built-in types: any comparison may run them. */
  builtinComparisons: z.array(text).optional(),
});

/** How the login that writes reads names and literals: it must be as the one that the snapshot was taken with. */
export const writerSchema = settingsSchema.pick({
  searchPath: true,
  standardConformingStrings: true,
  rowSecurity: true,
  statementTimeout: true,
});

export const snapshotSchema = z.strictObject({
  settings: settingsSchema,
  relations: z.array(relationSchema),
  functions: z.array(functionSchema),
  operators: z.array(operatorSchema),
  casts: z.array(castSchema),
  types: z.array(typeSchema),
});

export type Snapshot = z.output<typeof snapshotSchema>;
export type RelationFacts = z.output<typeof relationSchema>;
export type FunctionFacts = z.output<typeof functionSchema>;
export type OperatorFacts = z.output<typeof operatorSchema>;
export type CastFacts = z.output<typeof castSchema>;
export type TypeFacts = z.output<typeof typeSchema>;
export type WriteEvent = 'insert' | 'update' | 'delete' | 'truncate';
