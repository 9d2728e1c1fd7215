import type { Effect } from './effect.ts';

/** What a request for documents is about, as its effects say it: policies that reveal may ask for the place and its attributes. */
export type DocumentPlace = Pick<Effect, 'resource' | 'attributes'>;

/** A column of the target that a value can come from, by canonical names. */
export interface SourceColumn {
  /** Of a field of a document: where the document lies, beside what it is. */
  readonly within?: DocumentPlace;
  readonly relation: string;
  readonly column: string;
  /** Words in the target's own comments that say of what sort it is, e.g. `@pii`; absent where there are none. */
  readonly tags?: readonly string[];
}

/** Class that stands for "could not be traced": treated like the worst there is. */
export const UNTRACED = 'unknown.lineage';

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
      /** Other values may stand among the column's: a set operation, a constant. Absent: all are the column's own. */
      readonly mixed?: boolean;
    }
  | { readonly known: false; readonly name: string; readonly why: string };

/** A field that the kind of target itself classifies. `path` names the value and everything below it; `*` is any one name. */
export interface FieldClass {
  /** Names joined by slashes, without the places in lists: `data`, `spec/template/metadata/annotations`. */
  readonly path: string;
  readonly class: string;
  /** How clients expect the value: a placeholder that is not base64 would break them. */
  readonly encoding?: 'base64';
}

/** An answer that is a document, or a list or table of some: its place in it says where a value comes from. */
export interface DocumentLineage {
  /** What its fields are fields of, in the words of the masking configuration, e.g. `v1.secrets`, `apps.deployments`. */
  readonly relation: string;
  readonly within?: DocumentPlace;
  readonly fields: readonly FieldClass[];
  /** It describes the target and holds no data (discovery, versions): shown as it is. */
  readonly open: boolean;
}

/** `unknown`: not even the list of output columns could be read, so every column of the answer is masked. */
export type Lineage =
  | { readonly known: true; readonly columns: readonly ColumnLineage[]; readonly document?: DocumentLineage }
  | { readonly known: false; readonly why: string };
