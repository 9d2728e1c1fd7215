import type { MaskStrategy } from '../contracts/config/masking.ts';
import { UNTRACED } from '../domain/lineage.ts';
import type { ColumnLineage, DocumentLineage, Lineage, SourceColumn } from '../domain/lineage.ts';
import type { Classification } from './classify.ts';
import type { ClassifiedField } from './document/fields.ts';
import { planDocument, type DocumentPlan } from './document/plan.ts';

/** What is done to one output column. `scan`: nothing classifies it, so its values are looked at by detectors. */
export type ColumnMask =
  | {
      readonly kind: 'scan';
      /** Names of the columns that the value comes from: a number out of one that is called `phone` is one. */
      readonly names: readonly string[];
    }
  | { readonly kind: 'reveal'; readonly class: string; readonly rule: string }
  | {
      readonly kind: 'mask';
      readonly class: string;
      readonly rule: string;
      readonly strategy: MaskStrategy;
      readonly derived: boolean;
    };

export interface MaskRules {
  readonly classify: (column: SourceColumn) => Classification | undefined;
  readonly mayReveal: (column: SourceColumn, classification: Classification) => boolean;
  readonly strategyOf: (className: string) => MaskStrategy;
  /** Fields of a document that have a class, of the configuration and built in. */
  readonly fieldsOf: (document: DocumentLineage) => readonly ClassifiedField[];
}

/** One mask a column, in order; one for every column when not even their list is known; or a way through a document. */
export type MaskPlan =
  { readonly columns: readonly ColumnMask[] } | { readonly every: ColumnMask } | { readonly document: DocumentPlan };

export function planMasks(lineage: Lineage, rules: MaskRules): MaskPlan {
  if (!lineage.known) return { every: untraced(lineage.why) };
  const { document } = lineage;
  if (document !== undefined) return { document: planDocument(document, rules.fieldsOf(document), rules) };
  return { columns: lineage.columns.map((column) => maskOf(column, rules)) };
}

/** A value made from several columns is shown only if every one of them may be; the first that may not names the mask. */
function maskOf(column: ColumnLineage, rules: MaskRules): ColumnMask {
  if (!column.known) return untraced(column.why);
  let revealed: ColumnMask = { kind: 'scan', names: column.sources.map((source) => source.column) };
  for (const source of column.sources) {
    const found = rules.classify(source);
    if (found === undefined) continue;
    const rule = `column ${found.pattern}`;
    if (!rules.mayReveal(source, found)) {
      const strategy = isPlain(column, rules) ? rules.strategyOf(found.class) : REDACT;
      return { kind: 'mask', class: found.class, rule, strategy, derived: column.derived };
    }
    revealed = { kind: 'reveal', class: found.class, rule };
  }
  return revealed;
}

const REDACT: MaskStrategy = { kind: 'redact' };

/**
 * Only the value of a column itself, and of its class alone, is shown in part or as a hash. The last characters of a
 * reversed card are its first; and beside other values (`UNION` with a table of guesses) equal hashes would tell which
 * guess is right.
 */
function isPlain(column: Extract<ColumnLineage, { known: true }>, rules: MaskRules): boolean {
  const classes = new Set(column.sources.flatMap((source) => rules.classify(source)?.class ?? []));
  return !column.derived && column.mixed !== true && classes.size === 1;
}

/** The mask of something whose origin is not known. */
export function untraced(why: string): ColumnMask {
  return { kind: 'mask', class: UNTRACED, rule: why, strategy: { kind: 'redact' }, derived: true };
}
