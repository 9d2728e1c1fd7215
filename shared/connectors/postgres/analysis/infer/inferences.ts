import type { Flows } from '../../../../domain/classified-effects.ts';
import type { Span } from '../../../../domain/effect.ts';
import type { Inference, InferenceWay, Move } from '../../../../domain/inference.ts';
import type { SourceColumn } from '../../../../domain/lineage.ts';
import { fromColumns, unknownFrom } from '../../lineage/provenance.ts';
import type { Provenance } from '../../lineage/provenance.ts';

/** Where the values of one written column come from, and what that column is known as. */
export interface Written {
  readonly from: Provenance;
  readonly into: readonly SourceColumn[];
  readonly place: string;
  readonly at?: Span | undefined;
}

/** Gathers, while a statement is walked, what it would tell of columns or move, each once. */
export class Inferences implements Flows {
  readonly #inferences = new Map<SourceColumn | undefined, Map<string, Inference>>();
  readonly #moves = new Map<string, Move>();
  /** Computations seen so far that some values make fail. */
  failures = 0;

  /** Rows without a type of their own stand where values do: comparing two of them fails where their types differ. */
  looseRows = false;

  /**
   * A computation over these values that some of them make fail. Of constants alone (`1 / 0`, `nextval(…)`, a cross join
   * that takes minutes): whether it was done at all shows, so what decides about that is told.
   */
  mayFail(from: Provenance): void {
    this.failures += 1;
    this.infer('failure', from);
  }

  infer(way: InferenceWay, from: Provenance, equalityByParameter = false, at?: Span): void {
    const add = (column: SourceColumn | undefined): void => {
      const known = this.#inferences.get(column) ?? new Map<string, Inference>();
      this.#inferences.set(column, known);
      const key = `${way} ${String(equalityByParameter)}`;
      if (known.has(key)) return;
      known.set(key, {
        ...(column === undefined ? {} : { column }),
        way,
        equalityByParameter,
        ...(at === undefined ? {} : { at }),
      });
    };
    for (const column of from.sources) add(column);
    if (from.unknown !== undefined) add(undefined);
  }

  /** Takes over what another walk found a part of this statement to tell. */
  absorb(other: Inferences): void {
    for (const { column, way, equalityByParameter, at } of other.inferences)
      this.infer(
        way,
        column === undefined ? unknownFrom('another walk') : fromColumns(column),
        equalityByParameter,
        at,
      );
  }

  /** What a called body puts elsewhere, the call does. Of values without a known column its permit is the word. */
  movesOf(other: Inferences, at?: Span): void {
    for (const { column, into, place } of other.moves)
      if (column !== undefined) this.move({ from: fromColumns(column), into, place, at });
  }

  move({ from, into, place, at }: Written): void {
    const add = (column: SourceColumn | undefined): void => {
      // A column that is written with its own values moves nothing.
      if (column !== undefined && into.includes(column)) return;
      const key = JSON.stringify([column, place]);
      if (this.#moves.has(key)) return;
      const move = { into, place, ...(at === undefined ? {} : { at }) };
      this.#moves.set(key, column === undefined ? move : { ...move, column });
    };
    for (const column of from.sources) add(column);
    if (from.unknown !== undefined) add(undefined);
  }

  get inferences(): readonly Inference[] {
    return [...this.#inferences.values()].flatMap((ways) => [...ways.values()]);
  }

  get moves(): readonly Move[] {
    return [...this.#moves.values()];
  }
}
