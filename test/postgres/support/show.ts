import type { Effect } from '../../../shared/domain/effect.ts';
import type { Lineage } from '../../../shared/domain/lineage.ts';
import { analyze, lineage } from '../../../shared/connectors/postgres/understanding.ts';
import type { PostgresCatalogue } from '../../../shared/connectors/postgres/catalogue/index.ts';

/** `sql:delete public.orders` with `!unbounded` for each attribute that is set. */
export function showEffect(effect: Effect): string {
  const set = Object.entries(effect.attributes).filter(([name, value]) => value === true && name !== 'indirect');
  return [effect.action, effect.resource.name, ...set.map(([name]) => `!${name}`)].join(' ');
}

export async function effectsOf(text: string, catalogue: PostgresCatalogue | undefined): Promise<string[]> {
  const analysis = await analyze({ text }, catalogue);
  return analysis.ok ? analysis.value.effects.map(showEffect).sort() : [`fault ${analysis.error.code}`];
}

/** `name: relation.column …`, with `~` where the value is derived; `?` where it is unknown. */
export async function lineageOf(text: string, catalogue: PostgresCatalogue | undefined): Promise<string[] | '?'> {
  const known: Lineage = await lineage({ text }, catalogue);
  if (!known.known) return '?';
  return known.columns.map((column) =>
    column.known
      ? [
          `${column.name}:`,
          ...(column.derived ? ['~'] : []),
          ...column.sources.map((source) => `${source.relation.replace('public.', '')}.${source.column}`),
        ].join(' ')
      : `${column.name}: ?`,
  );
}
