import type { RangeVar } from 'libpg-query';
import { canonical } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { NOWHERE, sameAs, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { findCte } from '../lineage/scope.ts';
import type { Column, Entry, ReadSite, Shape } from '../lineage/scope.ts';
import { renamed } from './entries.ts';
import { outputEntry } from './from.ts';
import { hiddenCode } from './hidden-code.ts';
import type { Place } from './place.ts';
import { withGenerated } from './generated.ts';
import { readsPartition } from './partition-keys.ts';
import { ancestors, descendants, isSystem, sampledValues } from './relation-facts.ts';
import { sourcesOf } from './sources.ts';
import { anyRow, storedExpression, useUserType } from './types.ts';
import { readWhole } from './unread.ts';
import { boundView } from './views.ts';
import type { Walk } from './walk.ts';

/** A name in FROM: a query of a WITH around it, or a relation. */
export function rangeVar(node: RangeVar, place: Place): Entry {
  readWhole(place.walk, node);
  const alias = node.alias?.aliasname ?? node.relname;
  const cte = node.schemaname === undefined ? findCte(place.scope.ctes, node.relname ?? '') : undefined;
  if (cte !== undefined) return outputEntry(alias, node.alias?.colnames, { ...cte.output, bases: [] });
  return readEntry(node, place.walk, false);
}

/** A relation as an entry. `implied`: the read counts as an effect only once a column is read (targets of writes). */
export function readEntry(node: RangeVar, walk: Walk, implied: boolean): Entry {
  walk.step(8);
  const facts = findRelation(node, walk);
  const isAffordable = walk.step(facts?.columns.length);
  const alias = node.alias?.aliasname ?? node.relname;
  const schema = node.alias === undefined ? (facts?.schema ?? node.schemaname) : undefined;
  if (facts === undefined || !isAffordable) {
    const shown = nameShown(node);
    walk.add({ action: 'sql:select', kind: 'relation', name: shown, at: walk.span(node.location) });
    return {
      alias,
      schema,
      columns: [],
      open: unknownFrom(`the columns of ${shown} are not known`),
      bases: [shown],
      rowOf: undefined,
      single: false,
    };
  }
  const entry: Entry = {
    alias,
    schema,
    columns: [],
    open: undefined,
    bases: [canonical(facts)],
    rowOf: canonical(facts),
    single: false,
  };
  const columns = readableColumns(facts, node, walk, entry, implied);
  entry.columns.push(...renamed(columns, node.alias?.colnames, undefined));
  return entry;
}

/** The facts of a relation; without them the walk lacks what it needs. */
export function findRelation(node: RangeVar, walk: Walk): RelationFacts | undefined {
  readWhole(walk, node);
  const facts = walk.catalogue?.relation(node.schemaname, node.relname ?? '');
  if (facts === undefined) walk.lacks(`No relation ${nameShown(node)} is known.`, node.location);
  return facts;
}

export function nameShown(node: RangeVar): string {
  return node.schemaname === undefined ? (node.relname ?? '') : `${node.schemaname}.${node.relname ?? ''}`;
}

function readableColumns(facts: RelationFacts, node: RangeVar, walk: Walk, entry: Entry, implied: boolean): Column[] {
  const sites = readSites(facts, node, walk, implied);
  const opened = openView(facts, node, walk);
  const at = walk.span(node.location);
  for (const policy of facts.policies)
    storedExpression(walk, policy, { via: `row security of ${canonical(facts)}`, at }, anyRow(facts.name));
  hiddenCode(facts, walk, at);
  readsPartition(facts, walk, node.location);
  const own = walk.catalogue === undefined ? [] : sourcesOf(facts, walk.catalogue, node.inh === true);
  const columns = facts.columns.map((column, index): Column => {
    useUserType(walk, column.type, at);
    const through =
      opened === undefined ? [] : [opened[index] ?? unknownFrom(`the view ${canonical(facts)} cannot be followed`)];
    const sampled = sampledValues(facts, column.name);
    const from = sameAs([own[index] ?? NOWHERE, ...through, ...(sampled === undefined ? [] : [sampled])]);
    return {
      name: column.name,
      from,
      shape: shapeOfColumn(column),
      touches: [{ entry, reads: sites.map((site) => ({ site, column: column.name })) }],
    };
  });
  return withGenerated(facts, columns, walk);
}

function shapeOfColumn({ array, type }: RelationFacts['columns'][number]): Shape | undefined {
  if (array === true) return undefined;
  return type === 'pg_catalog.json' || type === 'pg_catalog.jsonb' ? 'json' : 'scalar';
}

/** The read of the relation itself, and of those that hold the same rows: its parents, and its children unless ONLY. */
function readSites(facts: RelationFacts, node: RangeVar, walk: Walk, implied: boolean): ReadSite[] {
  const name = canonical(facts);
  const kind = facts.kind === 'S' ? 'sequence' : 'relation';
  const own = walk.site({
    action: 'sql:select',
    kind,
    name,
    at: walk.span(node.location),
    attributes: { system: isSystem(facts) },
    implied,
  });
  const children = node.inh === true ? descendants(facts, walk.catalogue) : [];
  const related = [...ancestors(facts, walk.catalogue), ...children].map((relation) =>
    walk.site({
      action: 'sql:select',
      kind: 'relation',
      name: canonical(relation),
      at: walk.span(node.location),
      attributes: { indirect: true, via: name },
      implied,
    }),
  );
  return [own, ...related];
}

/** Where a view's columns come from. Reading a view reads its base tables; a materialised view only tells of them. */
function openView(facts: RelationFacts, node: RangeVar, walk: Walk): readonly Provenance[] | undefined {
  if ((facts.kind !== 'v' && facts.kind !== 'm') || isSystem(facts)) return undefined;
  const bound = boundView(facts, walk);
  if (bound === undefined) {
    walk.unreadable(`The definition of the view ${canonical(facts)} cannot be followed.`, node.location);
    return [];
  }
  if (facts.kind === 'v') walk.absorb(bound.walk, walk.span(node.location));
  return bound.output.open === undefined ? bound.output.columns.map((column) => column.from) : [];
}
