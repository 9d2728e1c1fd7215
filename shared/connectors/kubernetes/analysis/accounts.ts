import type { JsonObject } from '../../../platform/json-value.ts';
import type { ResourceRequest } from '../request/model.ts';
import { factsOf } from './resources.ts';
import { eachMember } from './walk.ts';

/**
 * Service accounts that a body names, each once and in order. `serviceAccount` is the old name of `serviceAccountName`, and
 * Kubernetes reads it only where the new one is not given: a body with both, and different ones, would be judged by one
 * and run as the other, so both are told.
 */
export function accountsIn(parts: readonly JsonObject[]): readonly string[] {
  const named = new Set<string>();
  for (const part of parts)
    eachMember(part, (name, member) => {
      const names = name === 'serviceAccountName' || name === 'serviceAccount';
      if (names && typeof member === 'string' && member !== '') named.add(member);
    });
  return [...named].toSorted();
}

/** Kubernetes' own kinds make one kind of pod each, so two service accounts in one body are one too many to judge. */
export function otherAccounts({ resource }: ResourceRequest, parts: readonly JsonObject[]): string | undefined {
  const names = factsOf(resource)?.pods === true ? accountsIn(parts) : [];
  return names.length > 1
    ? `names the service accounts ${names.join(' and ')}, and its pods run as one. Leave out serviceAccount, the old name of serviceAccountName.`
    : undefined;
}
