import type { DocumentLineage, SourceColumn } from '../../domain/lineage.ts';
import type { Classification } from '../classify.ts';
import type { ColumnMask } from '../plan.ts';
import type { MaskStrategy } from '../../contracts/config/masking.ts';
import { BUILT_IN, type ClassifiedField } from './fields.ts';

/** What is done to a classified field, and to everything below it. */
export interface FieldMask {
  readonly field: ClassifiedField;
  readonly mask: ColumnMask;
}

/** What is done to a document. What no field claims is looked at by detectors, unless it is `open`. */
export interface DocumentPlan {
  readonly open: boolean;
  readonly fields: readonly FieldMask[];
  /** Masks a cell of a table whose origin is not told, where the configuration classifies anything of what it shows. */
  readonly cells?: ColumnMask;
}

interface Rules {
  readonly mayReveal: (column: SourceColumn, classification: Classification) => boolean;
  readonly strategyOf: (className: string) => MaskStrategy;
}

export function planDocument(
  document: DocumentLineage,
  fields: readonly ClassifiedField[],
  rules: Rules,
): DocumentPlan {
  const masks = fields.map((field): FieldMask => ({ field, mask: maskOf(document, field, rules) }));
  // Kubernetes prints counts and ages of its own resources; which column shows a field that was given a class is not told.
  const cells = masks.find(({ field, mask }) => field.pattern !== BUILT_IN && mask.kind === 'mask')?.mask;
  return { open: document.open, fields: masks, ...(cells === undefined ? {} : { cells }) };
}

/** Reveal is asked for the path as it is written, once a field and not once a value. */
function maskOf({ relation, within }: DocumentLineage, field: ClassifiedField, rules: Rules): ColumnMask {
  const { class: name, path, pattern } = field;
  const rule = pattern === BUILT_IN ? `${relation} ${path}` : `column ${pattern}`;
  const column = { relation, column: path, ...(within === undefined ? {} : { within }) };
  if (rules.mayReveal(column, { class: name, pattern })) return { kind: 'reveal', class: name, rule };
  return { kind: 'mask', class: name, rule, strategy: rules.strategyOf(name), derived: false };
}
