import type { JsonValue } from '../../../platform/json-value.ts';
import { isList } from '../body/fragments.ts';

/**
 * Names given by people and texts that are only kept: nothing in them configures a container. Where `data` is more than
 * texts (a ControllerRevision keeps a whole template there, and pods are made from it), it is walked through.
 */
const TEXT = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector', 'data', 'stringData', 'binaryData']);

/** Every member of a value, wherever it stands, with the names above it. Lists are walked through. */
export function eachMember(
  value: JsonValue,
  visit: (name: string, member: JsonValue, above: readonly string[]) => void,
  above: readonly string[] = [],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (isList(value)) {
    for (const item of value) eachMember(item, visit, above);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    visit(name, member, above);
    if (!TEXT.has(name) || holdsBranches(member)) eachMember(member, visit, [...above, name]);
  }
}

const holdsBranches = (member: JsonValue): boolean =>
  typeof member === 'object' &&
  member !== null &&
  Object.values(member).some((inner) => typeof inner === 'object' && inner !== null);
