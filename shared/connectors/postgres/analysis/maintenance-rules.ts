import type { NodeTag } from '../grammar/nodes.ts';
import { asNode, either } from './definition-rule.ts';
import type { DefinitionRule } from './definition-rule.ts';
import { simple } from './definitions.ts';
import { checked } from './infer/checked.ts';
import { leftBehind } from './infer/left-behind.ts';
import { as } from '../grammar/nodes.ts';
import { maintained, maintainedAll, refreshed } from './maintenance.ts';
import { readWhole } from './unread.ts';

/** What reads whole relations to build or tidy something. */
export const MAINTENANCE_RULES = {
  IndexStmt: (node, walk) => {
    maintained(node.relation, walk);
    // A unique one is refused while two rows have the same values.
    const computed = (node.indexParams ?? []).map((element) => as(element, 'IndexElem')?.expr);
    leftBehind(node.relation, { computed, conditions: [node.whereClause] }, walk);
    if (node.unique === true) checked(node.relation, [node.indexParams, node.whereClause], walk);
    return simple('sql:alter', 'relation', [either(node.relation, undefined)], node, walk);
  },
  RefreshMatViewStmt: (node, walk) => {
    refreshed(node.relation, walk);
    return simple('sql:refresh', 'relation', [either(node.relation, undefined)], node, walk);
  },
  VacuumStmt: (node, walk) => {
    const relations = (node.rels ?? []).map((relation) =>
      'VacuumRelation' in relation ? either(relation.VacuumRelation.relation, undefined) : undefined,
    );
    readWhole(walk, node);
    maintainedAll(relations, walk);
    const all = relations.length === 0;
    return simple(
      'sql:maintain',
      all ? 'database' : 'relation',
      all ? [asNode('every relation')] : relations,
      {},
      walk,
    );
  },
  ClusterStmt: (node, walk) => {
    maintained(node.relation, walk);
    return simple('sql:maintain', 'relation', [either(node.relation, asNode('every relation'))], node, walk);
  },
  ReindexStmt: (node, walk) => {
    maintained(node.relation, walk);
    const named = asNode(node.name ?? 'every relation');
    return simple('sql:maintain', 'relation', [either(node.relation, named)], node, walk);
  },
} as const satisfies { readonly [K in NodeTag]?: DefinitionRule<K> };
