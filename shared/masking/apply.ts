import type { MaskStrategy } from '../contracts/config/masking.ts';
import type { MaskedColumn, MaskedResult, ResultSet } from '../domain/result-set.ts';
import type { JsonValue } from '../platform/json-value.ts';
import { replaceDetected, type DetectorName } from './detectors.ts';
import { untraced, type ColumnMask, type MaskPlan } from './plan.ts';

/** What a masked value looks like: recognisable, so that writing it back can be refused. */
export const placeholder = (className: string): string => `[masked:${className}]`;

/** Masks an answer. A column the plan does not account for is masked whole: the target and our reading disagree. */
export function applyMasks(result: ResultSet, plan: MaskPlan, detectors: readonly DetectorName[]): MaskedResult {
  const masks = masksFor(result, plan);
  const found = masks.map(() => new Set<string>());
  const rows = result.rows.map((row) =>
    row.map((value, index) => maskValue(value, masks[index] ?? DISAGREES, detectors, found[index] ?? new Set())),
  );
  const columns = result.columns.map((column, index): MaskedColumn => ({
    ...column,
    ...describe(masks[index] ?? DISAGREES, found[index] ?? new Set()),
  }));
  return { columns, rows, rowCount: result.rowCount, truncated: result.truncated };
}

const DISAGREES = untraced('the target answered with other columns than the statement was read to have');

function masksFor(result: ResultSet, plan: MaskPlan): readonly ColumnMask[] {
  if ('every' in plan) return result.columns.map(() => plan.every);
  return plan.columns.length === result.columns.length ? plan.columns : result.columns.map(() => DISAGREES);
}

function maskValue(
  value: JsonValue,
  mask: ColumnMask,
  detectors: readonly DetectorName[],
  found: Set<string>,
): JsonValue {
  switch (mask.kind) {
    case 'reveal':
      return value;
    case 'scan':
      return scan(value, detectors, found);
    case 'mask':
      // A NULL of the column itself says nothing of its values; one of `nullif(email, 'x')` answers a question about them.
      return value === null && !mask.derived ? null : show(value, mask.strategy, mask.class);
  }
}

function show(value: JsonValue, strategy: MaskStrategy, className: string): JsonValue {
  switch (strategy.kind) {
    case 'redact':
      return placeholder(className);
    case 'null':
      return null;
    case 'fixed':
      return strategy.text;
    case 'keep-last':
      return keepLast(value, strategy.characters, className);
  }
}

/** Keeps the last characters only of text at least three times as long: of a short one they would be most of it. */
function keepLast(value: JsonValue, characters: number, className: string): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const points = Array.from(text);
  return points.length < characters * 3
    ? placeholder(className)
    : `[masked:${className} …${points.slice(-characters).join('')}]`;
}

/** Looks into text, numbers (a card may be a bigint), arrays and objects: names too, which `json_object_agg` makes of values. */
function scan(value: JsonValue, detectors: readonly DetectorName[], found: Set<string>): JsonValue {
  if (typeof value === 'string') return scanText(value, detectors, found);
  if (typeof value === 'number') {
    const text = String(value);
    const scanned = scanText(text, detectors, found);
    return scanned === text ? value : scanned;
  }
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => scan(item, detectors, found));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [scanText(name, detectors, found), scan(item, detectors, found)]),
  );
}

function scanText(text: string, detectors: readonly DetectorName[], found: Set<string>): string {
  const detection = replaceDetected(text, detectors, placeholder);
  for (const name of detection.classes) found.add(name);
  return detection.text;
}

function describe(mask: ColumnMask, found: ReadonlySet<string>): Omit<MaskedColumn, 'name' | 'type'> {
  if (mask.kind === 'mask') return { masked: true, class: mask.class, rule: mask.rule };
  const [first] = found;
  return first === undefined ? { masked: false } : { masked: true, class: first, rule: 'value detector' };
}
