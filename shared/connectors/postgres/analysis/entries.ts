import type { Node } from 'libpg-query';
import { textOf } from '../grammar/nodes.ts';
import { anyOf } from '../lineage/provenance.ts';
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

/**
 * `AS x(a, b)` renames from the left; further columns keep their names. Where columns are missing from the list (`open`),
 * the second name may mean any of them: `ROWS FROM (pairs(), series()) AS x(a, b, n)` calls half of a pair `b`.
 */
export function renamed(
  columns: readonly Column[],
  names: readonly Node[] | undefined,
  open: Provenance | undefined,
): Column[] {
  return columns.map((column, index) => {
    const name = textOf(names?.[index]);
    if (name === undefined) return column;
    return { ...column, name, from: open === undefined ? column.from : anyOf([column.from, open]) };
  });
}
