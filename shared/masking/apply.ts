import type { MaskedColumn, MaskedResult, ResultColumn, ResultSet } from '../domain/result-set.ts';
import type { JsonValue } from '../platform/json-value.ts';
import type { Found } from './detectors/found.ts';
import type { Scanner } from './detectors/index.ts';
import { maskDocuments } from './document/apply.ts';
import { untraced, type ColumnMask, type MaskPlan } from './plan.ts';
import { show } from './show.ts';

/** Masks an answer. A column the plan does not account for is masked whole: the target and our reading disagree. */
export function applyMasks(result: ResultSet, plan: MaskPlan, scanner: Scanner): MaskedResult {
  if ('document' in plan) return maskDocuments(result, plan.document, scanner);
  const masks = masksFor(result, plan);
  const maskers = result.columns.map((column, index) => maskerOf(column, masks[index] ?? DISAGREES, scanner));
  const rows = result.rows.map((row) => row.map((value, index) => maskers[index]?.mask(value) ?? null));
  const columns = result.columns.map(
    (column, index): MaskedColumn => maskers[index]?.told() ?? { ...column, masked: true },
  );
  return { columns, rows, rowCount: result.rowCount, truncated: result.truncated };
}

const DISAGREES = untraced('the target answered with other columns than the statement was read to have');

function masksFor(result: ResultSet, plan: Exclude<MaskPlan, { document: unknown }>): readonly ColumnMask[] {
  if ('every' in plan) return result.columns.map(() => plan.every);
  return plan.columns.length === result.columns.length ? plan.columns : result.columns.map(() => DISAGREES);
}

/** Masks the values of one column, and tells at the end what it did. */
interface ColumnMasker {
  readonly mask: (value: JsonValue) => JsonValue;
  readonly told: () => MaskedColumn;
}

function maskerOf(column: ResultColumn, mask: ColumnMask, scanner: Scanner): ColumnMasker {
  switch (mask.kind) {
    case 'reveal':
      return { mask: (value) => value, told: () => ({ ...column, masked: false }) };
    case 'scan':
      return scanning(column, mask.names, scanner);
    case 'mask':
      return {
        // A NULL of the column itself says nothing of its values; one of `nullif(email, 'x')` answers a question about them.
        mask: (value) => (value === null && !mask.derived ? null : show(value, mask.strategy, mask.class)),
        told: () => ({ ...column, masked: true, class: mask.class, rule: mask.rule }),
      };
  }
}

function scanning(column: ResultColumn, names: readonly string[], scanner: Scanner): ColumnMasker {
  let first: Found | undefined;
  return {
    mask: (value) => {
      const scanned = scanner.value(value, ...names, column.name);
      first ??= scanned.found[0];
      return scanned.value;
    },
    told: () =>
      first === undefined
        ? { ...column, masked: false }
        : { ...column, masked: true, class: first.class, rule: `value detector ${first.rule}` },
  };
}
