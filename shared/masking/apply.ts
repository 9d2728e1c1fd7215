import type { MaskedColumn, MaskedResult, ResultColumn, ResultSet } from '../domain/result-set.ts';
import type { JsonValue } from '../platform/json-value.ts';
import type { Found } from './detectors/found.ts';
import type { Scanner } from './detectors/index.ts';
import { maskDocuments } from './document/apply.ts';
import { shownBy } from './strategies.ts';
import { holdsNoText, isList, isText, itemType } from './value-types.ts';
import type { MaskTools } from './tools.ts';
import { untraced, type ColumnMask, type MaskPlan } from './plan.ts';

/** Masks an answer. A column the plan does not account for is masked whole: the target and our reading disagree. */
export function applyMasks(result: ResultSet, plan: MaskPlan, tools: MaskTools): MaskedResult {
  if ('document' in plan) return maskDocuments(result, plan.document, tools);
  const masks = masksFor(result, plan);
  const maskers = result.columns.map((column, index) => maskerOf(column, masks[index] ?? DISAGREES, tools));
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

function maskerOf(column: ResultColumn, mask: ColumnMask, tools: MaskTools): ColumnMasker {
  switch (mask.kind) {
    case 'reveal':
      return { mask: (value) => value, told: () => ({ ...column, masked: false }) };
    case 'scan':
      if (holdsNoText(column.type)) return { mask: (value) => value, told: () => ({ ...column, masked: false }) };
      return scanning(column, mask.names, tools.scanner);
    case 'mask': {
      const { type, show } = shownBy(mask.strategy, mask.class, column, tools.keyed);
      return {
        // A NULL of the column itself says nothing of its values; one of `nullif(email, 'x')` answers a question about them.
        mask: (value) => (value === null && !mask.derived ? null : show(value)),
        told: () => ({ ...column, type, masked: true, class: mask.class, rule: mask.rule }),
      };
    }
  }
}

const isItems = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/** Values of one column that were looked at in this answer: statuses, countries and dates repeat. */
const MAX_SEEN = 1_000;

function scanning(column: ResultColumn, names: readonly string[], scanner: Scanner): ColumnMasker {
  let first: Found | undefined;
  const seen = new Map<JsonValue, JsonValue>();
  // A number with a card in it is not a number any more; in text and documents the rest is kept, and the other items of a list.
  const whole = !isText(itemType(column.type));
  const look = (value: JsonValue): JsonValue => {
    if (whole && isList(column.type) && isItems(value)) return value.map(look);
    const { value: shown, found } = scanner.value(value, ...names, column.name);
    first ??= found[0];
    return found.length > 0 && whole ? null : shown;
  };
  return {
    mask: (value) => {
      const known = seen.get(value);
      if (known !== undefined) return known;
      const shown = look(value);
      if (seen.size < MAX_SEEN) seen.set(value, shown);
      return shown;
    },
    told: () =>
      first === undefined
        ? { ...column, masked: false }
        : { ...column, masked: true, class: first.class, rule: `value detector ${first.rule}` },
  };
}
