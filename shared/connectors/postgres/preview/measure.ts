import type { Node } from 'libpg-query';
import type { RowCount } from '../../../domain/impact.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { DataApi, DataApiPlace, DataApiStatement, DataApiTransaction, TransactionAnswer } from '../data-api.ts';
import type { BoundStatement } from '../execute/bind-parameters.ts';
import { settingsOf } from '../execute/transaction-settings.ts';
import type { Approach } from './approach.ts';
import { plannedRows } from './plan-rows.ts';
import { writeRead } from './write-read.ts';

/** Short on purpose: production waits for nobody's curiosity. */
const LIMITS = { statementSeconds: 4, lockSeconds: 1 };
/** Longer than the database's own limit, so that its answer comes before our impatience. */
const WAIT_SECONDS = 6;
/** Rows that are changed only to be changed back: each leaves a dead copy and holds a lock until the rollback. */
const MAX_TRIED = 10_000;

/** Finds the number out as `approach` says. Whatever it does ends in a rollback. */
export async function measure(
  dataApi: DataApi,
  place: DataApiPlace,
  bound: BoundStatement,
  approach: Approach,
  catalogue: PostgresCatalogue | undefined,
): Promise<RowCount> {
  if (approach.how === 'none') return { basis: 'unknown', why: approach.why };
  if (approach.how === 'said') return { basis: 'counted', rows: approach.rows, why: approach.why };
  const ended = await dataApi.transact<RowCount>(place, async (transaction) => {
    const settings = await transaction.run(settingsOf(LIMITS));
    const value =
      settings.outcome.kind === 'done'
        ? await measured(transaction, bound, approach, catalogue)
        : unknown('the database could not be asked', settings);
    return { keep: false, value };
  });
  if (ended.kind === 'undone' || ended.kind === 'kept') return ended.value;
  return { basis: 'unknown', why: 'the database could not be asked' };
}

async function measured(
  transaction: DataApiTransaction,
  bound: BoundStatement,
  approach: Exclude<Approach, { how: 'none' | 'said' }>,
  catalogue: PostgresCatalogue | undefined,
): Promise<RowCount> {
  const plan = await transaction.run(statement(`EXPLAIN (FORMAT JSON) ${bound.sql}`, bound));
  const planned = plan.outcome.kind === 'done' ? plannedRows(plan.outcome.result) : undefined;
  // An error has aborted the transaction: there is nothing more to be asked in it.
  if (plan.outcome.kind !== 'done') return unknown('its plan could not be made', plan);
  const estimated = (why: string): RowCount =>
    planned === undefined
      ? { basis: 'unknown', why: `${why}, and its plan could not be read` }
      : { basis: 'estimated', rows: planned, why };
  if (approach.how === 'plan') return estimated(approach.why);
  const counting = countingOf(approach, planned);
  if (counting !== undefined)
    return (
      (await counted(transaction, bound, counting, catalogue)) ??
      estimated(`it could not be counted in ${String(LIMITS.statementSeconds)} s`)
    );
  if ((planned ?? 0) > MAX_TRIED) return estimated('too many rows to be tried');
  const tried = await transaction.run(statement(bound.sql, bound));
  if (tried.outcome.kind === 'done' && tried.rows !== undefined) return { basis: 'measured', rows: tried.rows };
  return estimated(`it was tried, and ${reasonOf(tried)}`);
}

interface Counting {
  readonly read: Node;
  readonly why: string;
}

/** What is counted by reading: what is not to be tried, and what would be too many rows to be. */
function countingOf(approach: Approach, planned: number | undefined): Counting | undefined {
  if (approach.how === 'count') return approach;
  if (approach.how !== 'try' || approach.read === undefined || (planned ?? 0) <= MAX_TRIED) return undefined;
  return { read: approach.read, why: 'counted by reading its WHERE: too many rows to be tried' };
}

async function counted(
  transaction: DataApiTransaction,
  bound: BoundStatement,
  { read: tree, why }: Counting,
  catalogue: PostgresCatalogue | undefined,
): Promise<RowCount | undefined> {
  const read = await writeRead(tree, bound.parameters, catalogue);
  const answer = read === undefined ? undefined : await transaction.run(statement(read.sql, read));
  const rows = answer?.outcome.kind === 'done' ? answer.outcome.result.rows[0]?.[0] : undefined;
  return typeof rows === 'number' ? { basis: 'counted', rows, why } : undefined;
}

const statement = (sql: string, { parameters }: Pick<BoundStatement, 'parameters'>): DataApiStatement => ({
  sql,
  parameters,
  maxRows: 1,
  timeoutSeconds: WAIT_SECONDS,
});

const unknown = (what: string, answer: TransactionAnswer): RowCount => ({
  basis: 'unknown',
  why: `${what}: ${reasonOf(answer)}`,
});

/** Codes only: the database's own words may quote values of rows. */
function reasonOf({ outcome }: TransactionAnswer): string {
  if (outcome.kind === 'done') return 'the database did not say how many rows it changed';
  if (outcome.kind === 'unavailable') return 'the database did not answer';
  if (outcome.code === '55P03') return 'somebody holds a lock on these rows';
  if (outcome.code === '57014' || outcome.code === 'timeout') return 'it took too long';
  return `the database refused it (${outcome.code})`;
}
