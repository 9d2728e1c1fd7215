import type { ColumnLineage, Lineage, SourceColumn } from '../../../domain/lineage.ts';
import type { Output, OutputColumn } from './scope.ts';

/** The lineage of a query's output. Columns that cannot be counted cannot be told apart: then all of it is unknown. */
export function lineageOf(output: Output, runsUserCode: boolean): Lineage {
  if (output.open !== undefined) return { known: false, why: output.open.unknown ?? 'its columns cannot be counted' };
  return { known: true, columns: output.columns.map((column) => columnLineage(column, runsUserCode)) };
}

function columnLineage({ name, from }: OutputColumn, runsUserCode: boolean): ColumnLineage {
  if (from.unknown !== undefined) return { known: false, name, why: from.unknown };
  // A plain column stays what it is; anything computed may have passed through a user-defined operator or cast.
  if (runsUserCode && (from.derived || from.sources.size === 0))
    return { known: false, name, why: 'a user-defined operator or cast may have computed it' };
  const mixed = from.mixed === true ? { mixed: true } : {};
  return { known: true, name, sources: [...from.sources].sort(bySource), derived: from.derived, ...mixed };
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
