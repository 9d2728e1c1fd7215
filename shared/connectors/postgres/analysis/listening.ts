import type { SourceColumn } from '../../../domain/lineage.ts';
import type { Entry } from '../lineage/scope.ts';

/** What a part of a statement touched. */
export interface Heard<T> {
  readonly value: T;
  readonly entries: ReadonlySet<Entry>;
  readonly columns: ReadonlySet<SourceColumn>;
}

/** Who wants to hear which entries and columns a part of the statement touches; innermost last. */
export class Listening {
  readonly #listeners: { entries: Set<Entry>; columns: Set<SourceColumn> }[] = [];

  to<T>(part: () => T): Heard<T> {
    const listener = { entries: new Set<Entry>(), columns: new Set<SourceColumn>() };
    this.#listeners.push(listener);
    const value = part();
    this.#listeners.pop();
    return { value, ...listener };
  }

  touch(entries: Iterable<Entry>, columns: Iterable<SourceColumn>): void {
    if (this.#listeners.length === 0) return;
    const touched = [[...entries], [...columns]] as const;
    for (const listener of this.#listeners) {
      for (const entry of touched[0]) listener.entries.add(entry);
      for (const column of touched[1]) listener.columns.add(column);
    }
  }
}
