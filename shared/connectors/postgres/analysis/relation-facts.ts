import { canonical } from '../catalogue/index.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';

export function isSystem(facts: RelationFacts): boolean {
  return facts.schema === 'pg_catalog' || facts.schema === 'information_schema';
}

/** Parents, theirs, and so on: a policy on a partitioned table is meant for its partitions too. */
export function ancestors(facts: RelationFacts, catalogue: PostgresCatalogue | undefined): RelationFacts[] {
  return reach(facts, (relation) => relation.parents.flatMap((name) => byCanonical(name, catalogue) ?? []));
}

/** Inheritance children. Declared partitions are parts of their parent and not tables of their own to a policy. */
export function descendants(facts: RelationFacts, catalogue: PostgresCatalogue | undefined): RelationFacts[] {
  return reach(facts, (relation) => (catalogue?.children(relation) ?? []).filter((child) => !child.partition));
}

/** Facts belong to one catalogue, so what lies below them is found once: there may be thousands of partitions. */
const parts = new WeakMap<RelationFacts, readonly RelationFacts[]>();

/** Children of every sort, partitions too: their rows and what stands behind them come with the parent. */
export function partsOf(facts: RelationFacts, catalogue: PostgresCatalogue | undefined): readonly RelationFacts[] {
  if (catalogue === undefined) return [];
  const known = parts.get(facts) ?? reach(facts, (relation) => catalogue.children(relation));
  parts.set(facts, known);
  return known;
}

export function reach(
  from: RelationFacts,
  next: (relation: RelationFacts) => readonly RelationFacts[],
): RelationFacts[] {
  const reached = new Map<string, RelationFacts>();
  const pending = [...next(from)];
  for (let relation = pending.pop(); relation !== undefined; relation = pending.pop()) {
    if (reached.has(canonical(relation))) continue;
    reached.set(canonical(relation), relation);
    pending.push(...next(relation));
  }
  return [...reached.values()];
}

export function byCanonical(name: string, catalogue: PostgresCatalogue | undefined): RelationFacts | undefined {
  const dot = name.indexOf('.');
  return catalogue?.relation(name.slice(0, dot), name.slice(dot + 1));
}

/**
 * System columns that hold values of other tables, numbers made of them, or the text of other statements: they may show
 * anything. Of statistics all but the names, for `n_distinct`, `null_frac` and `correlation` tell of a column as GROUP BY does.
 */
const SAMPLES: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^pg_stats(_ext|_ext_exprs)?$/,
    /^(?!schemaname$|tablename$|attname$|inherited$|statistics_|attnames$|exprs$|kinds$)/,
  ],
  [/^pg_statistic$/, /^(?!starelid$|staattnum$|stainherit$)/],
  [/^pg_statistic_ext_data$/, /^(?!stxoid$|stxdinherit$)/],
  [/^pg_stat_(activity|statements)$/, /^query$/],
  [/^pg_(prepared_statements|cursors)$/, /^statement$/],
  [/^pg_largeobject$/, /^data$/],
  [/^pg_(authid|shadow|user|roles)$/, /^(rolpassword|passwd|useconfig|rolconfig)$/],
  [/^pg_(user_mapping|user_mappings|subscription)$/, /^(umoptions|subconninfo)$/],
  [/^(user_mapping_options|foreign_server_options|foreign_data_wrapper_options)$/, /^option_value$/],
  [/^pg_(trigger|foreign_server|file_settings)$/, /^(tgargs|srvoptions|setting)$/],
];

export function sampledValues(facts: RelationFacts, column: string): Provenance | undefined {
  if (!isSystem(facts) && facts.name !== 'pg_stat_statements') return undefined;
  const holds = SAMPLES.some(([relation, name]) => relation.test(facts.name) && name.test(column));
  return holds ? unknownFrom(`${facts.name}.${column} holds values of other tables`) : undefined;
}
