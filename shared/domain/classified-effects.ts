import { CLASSIFIED, type Effect } from './effect.ts';
import { DECLASSIFY, INFER, type Inference, type Move } from './inference.ts';
import { UNTRACED, type SourceColumn } from './lineage.ts';

/** The class that the configuration gives a column, where it gives one. */
export type ClassOf = (column: SourceColumn) => string | undefined;

/** Everything in a statement that could tell of classified columns what their masks hide. */
export interface Flows {
  readonly inferences: readonly Inference[];
  readonly moves: readonly Move[];
}

/**
 * The effects `infer` and `declassify`: one for each classified column and each way to find it out. What may come from
 * anywhere counts as classified.
 */
export function classifiedEffects({ inferences, moves }: Flows, classOf: ClassOf): readonly Effect[] {
  const found = new Map<string, Effect>();
  const add = (effect: Effect): void => {
    const key = JSON.stringify([effect.action, effect.resource.name, effect.attributes]);
    const known = found.get(key);
    found.set(key, known === undefined ? effect : { ...known, ...places(known, effect) });
  };
  for (const inference of inferences) {
    const name = inference.column === undefined ? UNTRACED : classOf(inference.column);
    if (name !== undefined) add(inferred(inference, name));
  }
  for (const move of moves) {
    const name = move.column === undefined ? UNTRACED : classOf(move.column);
    if (name !== undefined && !keepsClass(move, name, classOf)) add(moved(move, name));
  }
  return [...found.values()];
}

/** A place whose own class is the same: the value is masked there as it was here. */
function keepsClass({ into }: Move, name: string, classOf: ClassOf): boolean {
  return into.some((column) => classOf(column) === name);
}

function inferred({ column, way, equalityByParameter, at }: Inference, name: string): Effect {
  return onColumn(INFER, column, { class: name, inference: way, equalityByParameter }, at);
}

function moved({ column, place, at }: Move, name: string): Effect {
  return onColumn(DECLASSIFY, column, { class: name, into: place }, at);
}

function onColumn(
  action: string,
  column: SourceColumn | undefined,
  attributes: Effect['attributes'],
  at: Inference['at'],
): Effect {
  const resource =
    column === undefined
      ? { kind: 'column', name: 'unknown', columns: ['unknown'] }
      : { kind: 'column', name: `${column.relation}.${column.column}`, columns: [column.column] };
  return { action, group: CLASSIFIED, resource, attributes, ...(at === undefined ? {} : { at: [at] }) };
}

/** Places kept of one effect, as elsewhere. */
const MAX_PLACES = 16;

function places(known: Effect, more: Effect): Pick<Effect, 'at'> {
  const at = [...(known.at ?? []), ...(more.at ?? [])].slice(0, MAX_PLACES);
  return at.length === 0 ? {} : { at };
}

export const isClassifiedEffect = ({ group }: Effect): boolean => group === CLASSIFIED;
