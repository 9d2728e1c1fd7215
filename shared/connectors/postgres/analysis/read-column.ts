import { anyOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { Column, Entry } from '../lineage/scope.ts';
import { wholeRow } from '../lineage/scope.ts';
import type { Walk } from './walk.ts';

/** Reads columns: they join the effects of their relations, and whoever listens hears of them. */
export function readColumn(walk: Walk, columns: readonly Column[]): Provenance {
  const from = anyOf(columns.map((column) => column.from));
  for (const touch of columns.flatMap((column) => column.touches)) {
    for (const { site, column } of touch.reads) site.columns.add(column);
    walk.touch([touch.entry], from.sources);
  }
  return from;
}

/** Reads every column of an entry. */
export function readRow(walk: Walk, entry: Entry): Provenance {
  readColumn(walk, entry.columns);
  walk.touch([entry], []);
  return wholeRow(entry);
}
