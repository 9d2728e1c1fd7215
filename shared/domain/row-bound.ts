import { err, ok, type Result } from '../platform/result.ts';
import { knownRows, type Impact } from './impact.ts';

/**
 * How many rows an approval is good for. Part of the seal, and enforced inside the transaction that runs the statement:
 * more rows than that, and nothing is kept.
 */
export interface RowBound {
  /** The most rows it may change. With a tolerance it is known only once the rows are measured. */
  readonly rowsMax?: number;
  /** Percent by which it may change more rows than were measured when people were asked. */
  readonly tolerancePercent?: number;
}

/** Two policies that bound one statement: the stricter word of each kind. */
export function strictest(bounds: readonly RowBound[]): RowBound | undefined {
  const rowsMax = least(bounds.flatMap((bound) => bound.rowsMax ?? []));
  const tolerancePercent = least(bounds.flatMap((bound) => bound.tolerancePercent ?? []));
  return rowsMax === undefined && tolerancePercent === undefined ? undefined : made(rowsMax, tolerancePercent);
}

/** True while the number is still to be measured: nobody can say yes to it yet. */
export const awaitsMeasure = (bound: RowBound | undefined, impact: Impact | undefined): boolean =>
  bound?.tolerancePercent !== undefined && impact === undefined;

/**
 * The bound with its number, from what was measured; or why such an approval cannot be given. Only whole rows count:
 * 10 % of 3 is none.
 */
export function measuredBound(bound: RowBound, impact: Impact): Result<RowBound, string> {
  const { rowsMax, tolerancePercent } = bound;
  const { rows } = impact;
  if (rowsMax !== undefined && rows.basis === 'measured' && rows.rows > rowsMax)
    return err(`It would change ${rows.rows} rows, and policy lets at most ${rowsMax} be approved. Narrow it down.`);
  if (tolerancePercent === undefined) return ok(bound);
  const known = knownRows(impact);
  if (known === undefined)
    return err(
      `Policy binds its approval to the measured number of rows, and that ${rows.basis === 'unknown' ? 'could not be measured' : 'is only an estimate'}: ${'why' in rows ? rows.why : ''}`,
    );
  const most = Math.floor((known * (100 + tolerancePercent)) / 100);
  return ok(made(rowsMax === undefined ? most : Math.min(most, rowsMax), tolerancePercent));
}

const least = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : Math.min(...numbers);

const made = (rowsMax: number | undefined, tolerancePercent: number | undefined): RowBound => ({
  ...(rowsMax === undefined ? {} : { rowsMax }),
  ...(tolerancePercent === undefined ? {} : { tolerancePercent }),
});
