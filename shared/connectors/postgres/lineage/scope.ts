import type { Provenance } from './provenance.ts';
import { anyOf } from './provenance.ts';

/** Collects the columns of one relation that a statement reads; the effect of the read holds the same set. */
export interface ReadSite {
  readonly columns: Set<string>;
}

/** A column that a name can mean, and what reading it touches. */
export interface Column {
  readonly name: string;
  readonly from: Provenance;
  readonly shape?: Shape | undefined;
  readonly touches: readonly Touch[];
}

/** What is known of a value's type, as far as failures depend on it: no array; JSON, which is none either. */
export type Shape = 'scalar' | 'json';

export interface Touch {
  readonly entry: Entry;
  readonly reads: readonly { readonly site: ReadSite; readonly column: string }[];
}

/** One range table entry: a table, a subquery, a function, a CTE, with the name it has here. */
export interface Entry {
  readonly alias: string | undefined;
  /** Of a table without an alias, for `schema.table.column`. */
  readonly schema: string | undefined;
  readonly columns: Column[];
  /** Set when not every column is known: any other name may be one of its columns, and comes from here. */
  readonly open: Provenance | undefined;
  /** Relations locked by FOR UPDATE over this entry. */
  readonly bases: readonly string[];
  /** The relation whose row type this entry has. */
  readonly rowOf: string | undefined;
  /** At most one row: joining it with anything multiplies nothing. */
  readonly single: boolean;
}

/** What a FROM item offers: its entries by name, and its columns in the order of `*`, join columns merged. */
export interface FromItem {
  readonly entries: readonly Entry[];
  readonly columns: readonly Column[];
}

export const NO_ITEM: FromItem = { entries: [], columns: [] };

/** A common table expression as seen by the queries below it. */
export interface CteBinding {
  readonly name: string;
  readonly output: Output;
}

export interface CteFrame {
  readonly bindings: Map<string, CteBinding>;
  readonly parent: CteFrame | undefined;
}

/** Where names are looked up: this query's FROM, then the queries around it. */
export interface Scope {
  item: FromItem;
  readonly parent: Scope | undefined;
  readonly ctes: CteFrame | undefined;
  /** Named windows of this query: what their partitions and order are made of. */
  readonly windows?: ReadonlyMap<string, Provenance>;
}

/** What a query gives back. `open`: it has more columns than are known, coming from there. */
export interface Output {
  readonly columns: readonly OutputColumn[];
  readonly open?: Provenance;
  readonly bases: readonly string[];
  readonly single: boolean;
}

export interface OutputColumn {
  readonly name: string;
  readonly from: Provenance;
  readonly shape?: Shape | undefined;
}

export const NO_OUTPUT: Output = { columns: [], bases: [], single: false };

export function findCte(frame: CteFrame | undefined, name: string): CteBinding | undefined {
  for (let at = frame; at !== undefined; at = at.parent) {
    const found = at.bindings.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function combine(left: FromItem, right: FromItem): FromItem {
  return { entries: [...left.entries, ...right.entries], columns: [...left.columns, ...right.columns] };
}

/** Everything in the row of an entry. */
export function wholeRow(entry: Entry): Provenance {
  const parts = entry.columns.map((column) => column.from);
  return anyOf(entry.open === undefined ? parts : [...parts, entry.open]);
}

export type Found =
  | { readonly kind: 'column'; readonly columns: readonly Column[] }
  | { readonly kind: 'open'; readonly from: Provenance; readonly entries: readonly Entry[] }
  | { readonly kind: 'row'; readonly entry: Entry }
  | { readonly kind: 'none' };

/**
 * Looks an unqualified name up, inside out. Several columns of one level are PostgreSQL's "ambiguous" error, so taking
 * all of them is on the safe side; an open entry on the way may hold the name, so what lies further out is added to it.
 */
export function findName(scope: Scope | undefined, name: string): Found {
  const open: Entry[] = [];
  for (let at = scope; at !== undefined; at = at.parent) {
    const columns = at.item.columns.filter((column) => column.name === name);
    if (columns.length > 0 && open.length === 0) return { kind: 'column', columns };
    if (columns.length > 0) return openWith(open, columns);
    open.push(...at.item.entries.filter((entry) => entry.open !== undefined));
  }
  if (open.length > 0) return openWith(open, []);
  const entry = findEntry(scope, undefined, name);
  return entry === undefined ? { kind: 'none' } : { kind: 'row', entry };
}

function openWith(entries: readonly Entry[], columns: readonly Column[]): Found {
  const from = anyOf([...entries.flatMap((entry) => entry.open ?? []), ...columns.map((column) => column.from)]);
  return {
    kind: 'open',
    from,
    entries: [...entries, ...columns.flatMap((column) => column.touches.map((touch) => touch.entry))],
  };
}

/** The entry that `alias.` or `schema.alias.` names, inside out. */
export function findEntry(scope: Scope | undefined, schema: string | undefined, alias: string): Entry | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    const found = at.item.entries.find(
      (entry) => entry.alias === alias && (schema === undefined || entry.schema === schema),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
