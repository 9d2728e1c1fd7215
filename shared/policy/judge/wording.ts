import type { ConnectionFacts } from '../../domain/connection.ts';
import type { PolicyRef } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import type { LoadedPolicy } from '../load/policy.ts';

/** Effects named in a refusal; more would bury the first. */
const NAMED_EFFECTS = 5;

/** What an agent is told when nothing permits what it wants, and what it can do about it. */
export function nothingPermits(effects: readonly Effect[], connection: ConnectionFacts): string {
  const named = [...new Set(effects.map(({ action, resource }) => `${action} on ${resource.kind} ${resource.name}`))];
  const more = named.length > NAMED_EFFECTS ? ` and ${String(named.length - NAMED_EFFECTS)} more` : '';
  return `No policy permits ${named.slice(0, NAMED_EFFECTS).join(', ')}${more} on connection ${connection.name}. Leave it out of the statement, or ask whoever keeps the policies of ${connection.name} for a permit.`;
}

/** Policies by id, with their own words or, where they have none, plain ones. */
export function policyRefs(ids: readonly string[], slice: ReadonlyMap<string, LoadedPolicy>): PolicyRef[] {
  return ids.map((id) => {
    const policy = slice.get(id);
    return { id, message: policy?.message ?? plain(policy) };
  });
}

function plain(policy: LoadedPolicy | undefined): string {
  if (policy?.approval !== undefined) return `Needs the approval of ${policy.approval.groups.join(', ')}.`;
  return policy?.json.effect === 'permit' ? 'Permitted.' : 'Forbidden by policy.';
}
