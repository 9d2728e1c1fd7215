/** A column of the target that a value can come from, by canonical names. */
export interface SourceColumn {
  readonly relation: string;
  readonly column: string;
}

/**
 * Where one output column comes from. `derived` means that something (a function, a cast, an aggregate) stands
 * between: the value is not the column's, but still tells about it. `unknown` counts as classified.
 */
export type ColumnLineage =
  | {
      readonly known: true;
      readonly name: string;
      readonly sources: readonly SourceColumn[];
      readonly derived: boolean;
    }
  | { readonly known: false; readonly name: string; readonly why: string };

/** `unknown`: not even the list of output columns could be read, so every column of the answer is masked. */
export type Lineage =
  | { readonly known: true; readonly columns: readonly ColumnLineage[] }
  | { readonly known: false; readonly why: string };
