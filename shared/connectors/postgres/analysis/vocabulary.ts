import type { ActionGroup, AttributeValue } from '../../../domain/effect.ts';

/**
 * Every action a SQL statement can be said to do, and its Cedar group. The policy schema is built from this table, so a
 * new action cannot be produced without policies being able to name it.
 */
export const SQL_ACTIONS = {
  /** Reads columns of a relation; on the resource `constant` it reads nothing stored. */
  'sql:select': 'read',
  /** EXPLAIN without ANALYZE: plans, and so tells about statistics; runs nothing. */
  'sql:explain': 'read',
  /** SHOW of a setting. */
  'sql:show': 'read',

  'sql:insert': 'write',
  'sql:update': 'write',
  'sql:delete': 'write',
  /** Row or table locks: nothing changes, but others wait. */
  'sql:lock': 'write',
  /** nextval/setval on a sequence that is named in the text, or as the default of a written column. */
  'sql:advance': 'write',
  /** A trigger that fires with a write; the resource is its function. */
  'sql:trigger': 'write',

  'sql:truncate': 'destroy',
  'sql:drop': 'destroy',

  'sql:create': 'define',
  'sql:alter': 'define',
  'sql:comment': 'define',
  'sql:refresh': 'define',

  /** A function that is not vouched for as pure: user-defined, volatile, or with effects of its own. */
  'sql:call': 'execute',
  /** A foreign table: its wrapper reaches another server, a file or a program. */
  'sql:foreign': 'execute',
  'sql:do': 'execute',
  /** A rewrite rule of a written relation: the statement that runs is another one. */
  'sql:rule': 'execute',
  'sql:copy-program': 'execute',
  /** COPY to or from a file on the server. */
  'sql:copy-file': 'execute',
  /** LOAD: a shared library into the server process. */
  'sql:load': 'execute',

  'sql:grant': 'administer',
  'sql:revoke': 'administer',
  /** CREATE/ALTER/DROP ROLE, SET ROLE, SET SESSION AUTHORIZATION, ownership. */
  'sql:role': 'administer',
  'sql:set': 'administer',
  /** VACUUM, ANALYZE, REINDEX, CLUSTER, CHECKPOINT. */
  'sql:maintain': 'administer',
  'sql:notify': 'administer',
  /** BEGIN, COMMIT, PREPARE TRANSACTION, …: the gateway owns transactions. */
  'sql:transaction': 'administer',
  /** What outlives the statement in a session: cursors, prepared statements, DISCARD. */
  'sql:session': 'administer',
  /** Publications, subscriptions, foreign servers, tablespaces, databases, ALTER SYSTEM. */
  'sql:server': 'administer',
} as const satisfies Record<string, ActionGroup>;

export type SqlAction = keyof typeof SQL_ACTIONS;

/** What an effect can be on. `constant` is a statement that touches nothing stored, such as `SELECT 1`. */
export const SQL_RESOURCE_KINDS = [
  'relation',
  'sequence',
  'function',
  'schema',
  'type',
  'operator',
  'setting',
  'role',
  'server',
  'database',
  'object',
  'constant',
] as const;
export type SqlResourceKind = (typeof SQL_RESOURCE_KINDS)[number];

interface AttributeSpec<T extends AttributeValue> {
  readonly type: T extends boolean ? 'boolean' : T extends number ? 'number' : 'string';
  readonly default: T;
}

/**
 * Attributes of every SQL effect. Each effect carries all of them (its own values over these defaults): a Cedar `forbid`
 * over a missing attribute would error, and an erroring `forbid` is skipped.
 */
export const SQL_ATTRIBUTES = {
  /** UPDATE or DELETE without a WHERE, or with one that holds for every row. */
  unbounded: { type: 'boolean', default: false },
  /** Relations joined with nothing that connects them: rows multiply. */
  crossJoin: { type: 'boolean', default: false },
  /** May cost out of proportion: planner bombs, cross joins, recursion without a bound. */
  expensive: { type: 'boolean', default: false },
  /** Takes locks that others wait for. */
  locks: { type: 'boolean', default: false },
  /** In pg_catalog or information_schema. */
  system: { type: 'boolean', default: false },
  /** Not in the text: comes through a view, a trigger, a cascade, a default, a policy, inheritance. `via` names it. */
  indirect: { type: 'boolean', default: false },
  via: { type: 'string', default: '' },
  /** The function runs with its owner's rights. */
  securityDefiner: { type: 'boolean', default: false },
  /** `yes` (nothing kept) · `before-image` (what was there can be kept first) · `no`. */
  reversible: { type: 'string', default: 'yes' },
  /** Reads a column that the configuration classifies. The gateway adds it: classes are its own, not the database's. */
  readsClassified: { type: 'boolean', default: false },
  /**
   * Rows that the planner expects (EXPLAIN), asked for when a policy names this attribute or a check wants it. Not known
   * is as many as there can be, so that `forbid … when { context.estimatedRows > 1000 }` refuses what nobody could tell.
   */
  estimatedRows: { type: 'number', default: Number.MAX_SAFE_INTEGER },
} as const satisfies Record<string, AttributeSpec<boolean> | AttributeSpec<string> | AttributeSpec<number>>;

/** Added by the gateway after analysis, and only where they say something. */
type Added = 'readsClassified' | 'estimatedRows';

export type SqlAttributes = {
  readonly [K in Exclude<keyof typeof SQL_ATTRIBUTES, Added>]: (typeof SQL_ATTRIBUTES)[K]['type'] extends 'boolean'
    ? boolean
    : string;
};
