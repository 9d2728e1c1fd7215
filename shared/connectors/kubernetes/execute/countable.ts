import type { Effect } from '../../../domain/effect.ts';
import type { KubeRequest } from '../request/model.ts';

/**
 * Why an approval for so many objects cannot be kept to: the API has no transactions, so what goes with a deletion is only
 * known when it has gone. A change of one named object is one, whatever happens.
 */
export function whyUncountable(request: KubeRequest, effects: readonly Effect[]): string | undefined {
  if (effects.every(({ group }) => group === 'read')) return undefined;
  if (request.kind === 'path') return 'it is about no object.';
  return request.verb === 'deletecollection' || request.verb === 'delete'
    ? 'a deletion takes dependents with it, and Kubernetes cannot undo it.'
    : undefined;
}
