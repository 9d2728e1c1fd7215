import type { Node } from 'libpg-query';
import { textOf } from '../grammar/nodes.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { Column, Entry, OutputColumn } from '../lineage/scope.ts';

interface EntryFacts {
  readonly alias: string | undefined;
  readonly open: Provenance | undefined;
  readonly bases: readonly string[];
  readonly single: boolean;
}

/** An entry whose columns follow. */
export function entryFrom(facts: EntryFacts): Entry {
  return { ...facts, schema: undefined, columns: [], rowOf: undefined };
}

export function columnsFrom(columns: readonly OutputColumn[], entry: Entry): Column[] {
  return columns.map((column) => ({ ...column, touches: [{ entry, reads: [] }] }));
}

/** `AS x(a, b)` renames from the left; further columns keep their names. */
export function renamed(columns: readonly Column[], names: readonly Node[] | undefined): Column[] {
  return columns.map((column, index) => ({ ...column, name: textOf(names?.[index]) ?? column.name }));
}
