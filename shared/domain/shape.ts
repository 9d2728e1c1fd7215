/** Type of a constant as the target's own grammar reads it. `null` is a type of its own. */
export type ConstantType = 'integer' | 'decimal' | 'text' | 'boolean' | 'bits' | 'null';

/** One constant of a statement, or one parameter, in the order of the text. The value is spelt as text. */
export interface Constant {
  readonly type: ConstantType;
  readonly value: string;
}

/**
 * A statement without the values of its constants: the digest is over the whole typed syntax tree, in which each
 * constant is replaced by its type and number. Two statements of one shape differ in constants and in nothing else;
 * tables, columns, operators, the number of rows of a VALUES and of elements of an IN are all part of it.
 */
export interface Shape {
  /** SHA-256, hex. */
  readonly digest: string;
  readonly constants: readonly Constant[];
}

/** What an approver allows one constant to be. Without one it stays exactly what it was. */
export interface Bound {
  /** Index in `Shape.constants`. */
  readonly index: number;
  /** Inclusive; integers and decimals only: how text sorts is the database's own affair. */
  readonly min?: string;
  readonly max?: string;
  readonly in?: readonly string[];
}

/** Why bounds cannot be given for a shape, naming the member; `undefined` when they can. */
export function boundsFault(shape: Shape, bounds: readonly Bound[]): string | undefined {
  const seen = new Set<number>();
  for (const bound of bounds) {
    const constant = shape.constants[bound.index];
    if (constant === undefined)
      return `parameters: there is no constant ${bound.index}; the shape has ${shape.constants.length}`;
    if (seen.has(bound.index)) return `parameters: constant ${bound.index} is bounded twice`;
    seen.add(bound.index);
    const fault = boundFault(constant, bound);
    if (fault !== undefined) return `parameters: constant ${bound.index} ${fault}`;
  }
  return undefined;
}

function boundFault({ type }: Constant, { min, max, in: list }: Bound): string | undefined {
  const ranged = min !== undefined || max !== undefined;
  if (ranged === (list !== undefined)) return 'needs either min and/or max, or in';
  if (type === 'null' || type === 'bits') return `is ${type}, which has no bounds`;
  if (list !== undefined) return undefined;
  if (type !== 'integer' && type !== 'decimal') return `is ${type}: give the values it may have with in`;
  if ([min, max].some((end) => end !== undefined && exact(end) === undefined))
    return 'has a bound that is not a plain number';
  // One end alone would leave the other open: "at most 100" is also -1,000,000.
  return min === undefined || max === undefined ? 'needs both min and max' : undefined;
}

/** Whether a statement of shape `asked` is what was leased: the same tree, and each constant as before or in its bounds. */
export function fitsLease(leased: Shape, bounds: readonly Bound[], asked: Shape): boolean {
  if (leased.digest !== asked.digest || leased.constants.length !== asked.constants.length) return false;
  const byIndex = new Map(bounds.map((bound) => [bound.index, bound]));
  return leased.constants.every((was, index) => {
    const now = asked.constants[index];
    if (now?.type !== was.type) return false;
    return now.value === was.value || inBound(now, byIndex.get(index));
  });
}

function inBound({ type, value }: Constant, bound: Bound | undefined): boolean {
  if (bound === undefined || type === 'null' || type === 'bits') return false;
  if (bound.in !== undefined) return bound.in.includes(value);
  if (type !== 'integer' && type !== 'decimal') return false;
  const [at, min, max] = [exact(value), exact(bound.min), exact(bound.max)];
  return at !== undefined && min !== undefined && max !== undefined && notAbove(min, at) && notAbove(at, max);
}

interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

/** A number as its digits say, without the rounding of a float. Exponents, other radixes and underscores are not read. */
function exact(text: string | undefined): Exact | undefined {
  const parts = /^([+-]?)([0-9]{1,40})(?:\.([0-9]{0,40}))?$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = parts;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

function notAbove(left: Exact, right: Exact): boolean {
  const scale = Math.max(left.scale, right.scale);
  const at = ({ units, scale: own }: Exact): bigint => units * 10n ** BigInt(scale - own);
  return at(left) <= at(right);
}
