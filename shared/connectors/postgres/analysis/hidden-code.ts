import type { Span } from '../../../domain/effect.ts';
import { canonical } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { foldedCode } from './folded-code.ts';
import { partsOf } from './relation-facts.ts';
import type { Walk } from './walk.ts';

/**
 * What any use of a relation runs that no statement shows: comparisons of its indexes and partitions, foreign data, and
 * what the planner computes beforehand.
 */
export function hiddenCode(facts: RelationFacts, walk: Walk, at: Span | undefined): void {
  for (const relation of [facts, ...partsOf(facts, walk.catalogue)]) {
    const via = canonical(relation);
    for (const name of relation.supports)
      walk.add({
        action: 'sql:call',
        kind: 'function',
        name,
        at,
        attributes: { indirect: true, via: `operator class in ${via}` },
      });
    foldedCode(relation, walk, at);
    if (relation.kind === 'f')
      walk.add({
        action: 'sql:foreign',
        kind: 'relation',
        name: via,
        at,
        attributes: { indirect: relation !== facts, via: relation === facts ? '' : canonical(facts) },
      });
  }
}
