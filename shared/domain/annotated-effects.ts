import type { Effect } from './effect.ts';
import type { SourceColumn } from './lineage.ts';

/** Does the configuration give this column a class? */
export type IsClassified = (column: SourceColumn) => boolean;

/**
 * Marks the effects that read a classified column, for policies to ask about. A relation whose columns could not be
 * counted may have been read whole, so the question is put for any column of it (`*` matches every pattern that covers all).
 */
export function withClassified(effects: readonly Effect[], isClassified: IsClassified): readonly Effect[] {
  return effects.map((effect) => {
    const { kind, name, columns } = effect.resource;
    if (effect.group !== 'read' || kind !== 'relation') return effect;
    const reads = columns === undefined || columns.some((column) => isClassified({ relation: name, column }));
    return reads ? marked(effect) : effect;
  });
}

/** Marks the reads of a document of which any field has a class: which of them is shown, the request does not say. */
export function withClassifiedFields(effects: readonly Effect[], any: boolean): readonly Effect[] {
  return any ? effects.map((effect) => (effect.group === 'read' ? marked(effect) : effect)) : effects;
}

const marked = (effect: Effect): Effect => ({
  ...effect,
  attributes: { ...effect.attributes, readsClassified: true },
});

/** Gives the planner's number to all reads and to the writes of the text; what triggers and cascades write is not in it. */
export function withEstimate(effects: readonly Effect[], rows: number | undefined): readonly Effect[] {
  if (rows === undefined) return effects;
  const estimatedRows = Math.min(rows, Number.MAX_SAFE_INTEGER);
  return effects.map((effect) =>
    effect.group === 'read' || (effect.group === 'write' && effect.attributes['indirect'] !== true)
      ? { ...effect, attributes: { ...effect.attributes, estimatedRows } }
      : effect,
  );
}
