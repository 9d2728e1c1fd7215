import type { JsonValue } from '../../../platform/json-value.ts';
import { isList, isObject } from '../body/fragments.ts';

/** Fields that hold a container back. To take one away is to let go. */
const RESTRAINTS = new Set([
  ...['securityContext', 'runAsNonRoot', 'readOnlyRootFilesystem', 'capabilities', 'drop', 'seccompProfile'],
  ...['appArmorProfile', 'seLinuxOptions', 'automountServiceAccountToken', 'hostUsers'],
]);

/** Where a strategic merge patch that leaves only what it says itself takes restraints along; everywhere above them, that is. */
const ABOVE = new Set(['spec', 'template', 'jobTemplate', 'containers', 'initContainers', 'ephemeralContainers']);

/** Whether a member of a body takes away, or may take away, something that restrains. `patch`: it is about what is there already. */
export function letsGo(name: string, member: JsonValue, above: readonly string[], patch: boolean): boolean {
  if (name.startsWith('$')) return directive(name, member, above);
  switch (name) {
    case 'hostUsers':
      return member === true || member === null;
    case 'drop':
      return above.at(-1) === 'capabilities' && dropsLess(member, patch);
    case 'type':
      return member === 'Unconfined' && /^(seccomp|appArmor)Profile$/.test(above.at(-1) ?? '');
    case 'annotations':
      return unconfinedByName(member);
    default:
      return RESTRAINTS.has(name) && (member === null || member === false);
  }
}

/** Lists of capabilities are replaced whole; in a patch, what stood there before cannot be told, and only `ALL` is no less. */
function dropsLess(member: JsonValue, patch: boolean): boolean {
  if (!isList(member)) return member === null || patch;
  return member.includes(null) || (patch && !member.includes('ALL'));
}

/** Directives of a strategic merge patch (apimachinery, pkg/util/strategicpatch). */
function directive(name: string, member: JsonValue, above: readonly string[]): boolean {
  const list = /^\$deleteFromPrimitiveList\/(.*)$/.exec(name)?.[1];
  if (list !== undefined) return RESTRAINTS.has(list);
  if (name !== '$patch' && name !== '$retainKeys') return false;
  if (above.some((parent) => RESTRAINTS.has(parent))) return true;
  // `$patch: delete` of a container takes the container along; kubectl itself sends `$retainKeys` for volumes and strategies.
  return member !== 'delete' && (above.length === 0 || ABOVE.has(above.at(-1) ?? ''));
}

/** Profiles before they had fields: AppArmor up to 1.29, seccomp up to 1.26. */
function unconfinedByName(member: JsonValue): boolean {
  if (!isObject(member)) return false;
  return Object.entries(member).some(
    ([name, value]) =>
      /^(container\.apparmor\.security\.beta|(container\.)?seccomp\.security\.alpha)\.kubernetes\.io\//.test(name) &&
      (value === 'unconfined' || value === null),
  );
}
