import type { PrincipalOrResourceIsConstraint, ResourceConstraint } from '@cedar-policy/cedar-wasm/nodejs';
import type { ConnectionFacts } from '../../domain/connection.ts';
import type { EntityRef } from '../load/expression.ts';
import { entitiesIn } from '../load/expression.ts';
import type { LoadedPolicy } from '../load/policy.ts';

/**
 * The policies that can matter for a connection: all but those whose scope names a resource of another connection or
 * environment. Cedar's cost grows with the set (13 ms for 5,000 policies), so each connection has its own. Sound because a scope is
 * a conjunct: when it cannot hold, neither a permit nor a forbid applies.
 */
export function sliceFor(connection: ConnectionFacts, policies: readonly LoadedPolicy[]): LoadedPolicy[] {
  return policies.filter((policy) => named(policy.json.resource).every((entity) => canHold(entity, connection)));
}

function named(scope: ResourceConstraint | PrincipalOrResourceIsConstraint): EntityRef[] {
  return 'op' in scope && scope.op === 'All' ? [] : entitiesIn(scope);
}

/** What a resource of this connection may lie in. Types that say nothing of a connection (a class) can always hold. */
function canHold({ type, id }: EntityRef, connection: ConnectionFacts): boolean {
  if (type === 'Environment') return id === connection.environment;
  if (type === 'Connection') return id === connection.name;
  if (type === 'Class') return true;
  return id.startsWith(`${connection.name}/`);
}
