import type { Node } from 'libpg-query';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { as } from '../grammar/nodes.ts';
import type { NodeOf } from '../grammar/nodes.ts';

/** Rows and columns of a sample: what a person can take in, and a Slack message hold. */
const SAMPLE_ROWS = 5;
const SAMPLE_COLUMNS = 10;

type Select = NodeOf<'SelectStmt'>;
type RangeVar = NodeOf<'RangeVar'>;
type Expression = Node | undefined;

/** `SELECT *, changed columns as they would be … FROM target WHERE …`: the rows that the statement would change. */
export function sampleRead(statement: Node, catalogue: PostgresCatalogue | undefined): Node | undefined {
  const insert = as(statement, 'InsertStmt');
  if (insert !== undefined) return insertedRows(insert, [star()], SAMPLE_ROWS);
  const change = rowChange(statement);
  const facts = change === undefined ? undefined : targetFacts(change.relation, catalogue);
  return change === undefined || facts === undefined ? undefined : changedRows(change, facts);
}

const targetFacts = (relation: RangeVar, catalogue: PostgresCatalogue | undefined): RelationFacts | undefined =>
  catalogue?.relation(relation.schemaname, relation.relname ?? '');

function changedRows(change: RowChange, facts: RelationFacts): Node {
  const alias = change.relation.alias?.aliasname ?? facts.name;
  const changed = newValues(change.targets, facts);
  return select({
    targetList: shownColumns(facts, changed).flatMap((name) => [
      column(alias, name),
      ...(changed.has(name) ? [target(changed.get(name), `${name} (new)`)] : []),
    ]),
    fromClause: [{ RangeVar: change.relation }, ...change.from],
    ...change.narrowing,
    ...limited(SAMPLE_ROWS),
  });
}

interface RowChange {
  readonly relation: RangeVar;
  readonly targets: readonly Node[];
  /** What is joined: FROM of an UPDATE, USING of a DELETE. */
  readonly from: readonly Node[];
  /** Its WHERE and WITH, as they are. */
  readonly narrowing: Partial<Select>;
}

function rowChange(statement: Node): RowChange | undefined {
  const update = as(statement, 'UpdateStmt');
  const change = update ?? as(statement, 'DeleteStmt');
  if (change?.relation === undefined) return undefined;
  const { relation, whereClause, withClause } = change;
  const from = update === undefined ? as(statement, 'DeleteStmt')?.usingClause : update.fromClause;
  const narrowing = {
    ...(whereClause === undefined ? {} : { whereClause }),
    ...(withClause === undefined ? {} : { withClause }),
  };
  return { relation, targets: update?.targetList ?? [], from: from ?? [], narrowing };
}

/** `SELECT count(*)` of the rows that an INSERT … SELECT would insert. */
export function insertCount(insert: NodeOf<'InsertStmt'>): Node | undefined {
  return insertedRows(insert, [target(countAll())]);
}

/** `SELECT count(*)` by the WHERE of an UPDATE or DELETE. Not where rows are joined: one row may then match many times. */
export function matchCount(statement: Node): Node | undefined {
  const change = rowChange(statement);
  if (change === undefined || change.from.length > 0) return undefined;
  return select({
    targetList: [target(countAll())],
    fromClause: [{ RangeVar: change.relation }],
    ...change.narrowing,
    limitOption: 'LIMIT_OPTION_DEFAULT',
  });
}

/** `SELECT count(*)` of the whole table. */
export function tableCount(relation: RangeVar): Node {
  return select({
    targetList: [target(countAll())],
    fromClause: [{ RangeVar: relation }],
    limitOption: 'LIMIT_OPTION_DEFAULT',
  });
}

function insertedRows(insert: NodeOf<'InsertStmt'>, targetList: Node[], limit?: number): Node | undefined {
  const source = as(insert.selectStmt, 'SelectStmt');
  if (source === undefined || source.valuesLists !== undefined || insert.selectStmt === undefined) return undefined;
  return select({
    targetList,
    fromClause: [{ RangeSubselect: { subquery: insert.selectStmt, alias: { aliasname: 'inserted' } } }],
    ...(insert.withClause === undefined ? {} : { withClause: insert.withClause }),
    ...(limit === undefined ? { limitOption: 'LIMIT_OPTION_DEFAULT' } : limited(limit)),
  });
}

/** Columns that SET gives a plain expression. DEFAULT and lists of columns are left out: their new value is not shown. */
function newValues(targets: readonly Node[], facts: RelationFacts): Map<string, Node> {
  const values = new Map<string, Node>();
  for (const node of targets) {
    const { name, val, indirection } = as(node, 'ResTarget') ?? {};
    if (name === undefined || val === undefined || indirection !== undefined) continue;
    if (as(val, 'MultiAssignRef') !== undefined || as(val, 'SetToDefault') !== undefined) continue;
    values.set(name, typed(val, facts.columns.find((candidate) => candidate.name === name)?.type));
  }
  return values;
}

/** A parameter takes its type from the column that it is assigned to; outside of SET it has to be told. */
function typed(value: Node, type: string | undefined): Node {
  if (as(value, 'ParamRef') === undefined || type?.startsWith('pg_catalog.') !== true) return value;
  const names = type.split('.').map((sval) => ({ String: { sval } }));
  return { TypeCast: { arg: value, typeName: { names, typemod: -1 } } };
}

function shownColumns(facts: RelationFacts, changed: ReadonlyMap<string, Node>): readonly string[] {
  const names = facts.columns.map(({ name }) => name);
  const others = names.filter((name) => !changed.has(name)).slice(0, Math.max(1, SAMPLE_COLUMNS - changed.size));
  return names.filter((name) => changed.has(name) || others.includes(name)).slice(0, SAMPLE_COLUMNS * 2);
}

const select = (members: Partial<Select>): Node => ({ SelectStmt: { ...members, op: 'SETOP_NONE' } });

const limited = (rows: number): Partial<Select> => ({
  limitCount: { A_Const: { ival: { ival: rows } } },
  limitOption: 'LIMIT_OPTION_COUNT',
});

const target = (val: Expression, name?: string): Node => ({
  ResTarget: { ...(name === undefined ? {} : { name }), ...(val === undefined ? {} : { val }) },
});

const column = (alias: string, name: string): Node =>
  target({ ColumnRef: { fields: [{ String: { sval: alias } }, { String: { sval: name } }] } });

const star = (): Node => target({ ColumnRef: { fields: [{ A_Star: {} }] } });

const countAll = (): Node => ({
  FuncCall: {
    funcname: [{ String: { sval: 'pg_catalog' } }, { String: { sval: 'count' } }],
    agg_star: true,
    funcformat: 'COERCE_EXPLICIT_CALL',
  },
});
