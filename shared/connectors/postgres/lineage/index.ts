import type { ColumnLineage, Lineage, SourceColumn } from '../../../domain/lineage.ts';
import type { Output, OutputColumn } from './scope.ts';

/** The lineage of a query's output. Columns that cannot be counted cannot be told apart: then all of it is unknown. */
export function lineageOf(output: Output): Lineage {
  if (output.open !== undefined) return { known: false, why: output.open.unknown ?? 'its columns cannot be counted' };
  return { known: true, columns: output.columns.map(columnLineage) };
}

function columnLineage({ name, from }: OutputColumn): ColumnLineage {
  if (from.unknown !== undefined) return { known: false, name, why: from.unknown };
  return { known: true, name, sources: [...from.sources].sort(bySource), derived: from.derived };
}

function bySource(a: SourceColumn, b: SourceColumn): number {
  return a.relation < b.relation
    ? -1
    : a.relation > b.relation
      ? 1
      : a.column < b.column
        ? -1
        : a.column > b.column
          ? 1
          : 0;
}
