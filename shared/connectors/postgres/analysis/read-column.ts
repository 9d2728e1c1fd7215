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

/** Reads every column of an entry, each by itself: `*`. */
export function readAll(walk: Walk, entry: Entry): void {
  walk.step(entry.columns.length);
  readColumn(walk, entry.columns);
  walk.touch([entry], []);
}

/** Reads a row as one value: from then on what is defined over its type may run. */
export function readRow(walk: Walk, entry: Entry): Provenance {
  readAll(walk, entry);
  walk.usesRow(entry.rowOf);
  return wholeRow(entry);
}
