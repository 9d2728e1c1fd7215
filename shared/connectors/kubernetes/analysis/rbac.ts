import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isObject } from '../body/fragments.ts';
import type { GivenAttributes } from './vocabulary.ts';

/** Of rules that cannot be read: all of it. */
export const WORST_RBAC: GivenAttributes = {
  wildcard: true,
  escalates: true,
  grantsSecrets: true,
  grantsExecution: true,
  systemSubject: true,
};

/**
 * Verbs by which a role gives more than it has (Kubernetes documentation, "Role Based Access Control Good Practices"); who
 * approves or signs certificates makes identities.
 */
const ESCALATING = new Set(['escalate', 'bind', 'impersonate', 'approve', 'sign', '*']);
/** Roles that give nearly everything; those of Kubernetes itself begin with `system:`. */
const STRONG_ROLES = new Set(['cluster-admin', 'admin', 'edit']);
/** `*` + `/exec` is that subresource of everything (kubernetes, pkg/apis/rbac/v1, ResourceMatches). */
const EXECUTING = /^(\*|\*\/\*|[^/]+\/(exec|attach|portforward|proxy|ephemeralcontainers)|(pods|nodes|services)\/\*)$/;
const READING = new Set(['get', 'list', 'watch', '*']);

/** What roles and bindings give, and to whom. */
export function rbacAttributes(parts: readonly JsonObject[]): GivenAttributes {
  const rules = parts.flatMap(({ rules: list }) => objects(list));
  const seeing = rules.filter((rule) => says(rule, 'verbs', (verb) => READING.has(verb)));
  const roles = parts.flatMap(({ roleRef }) => (isObject(roleRef) ? [roleRef] : []));
  const [role] = roles;
  const name = textOf(role?.['name']);
  return {
    wildcard: rules.some((rule) =>
      [...words(rule, 'verbs'), ...words(rule, 'resources'), ...words(rule, 'apiGroups')].includes('*'),
    ),
    escalates: rules.some(escalates) || STRONG_ROLES.has(name) || name.startsWith('system:') || parts.some(joinsOthers),
    grantsSecrets: seeing.some((rule) => names(rule, /^(\*|secrets|\*\/\*)$/)),
    grantsExecution: rules.some((rule) => names(rule, EXECUTING)),
    ...(role === undefined ? {} : { roleRef: `${textOf(role['kind'])}/${name}` }),
    systemSubject: parts.some(({ subjects }) =>
      objects(subjects).some((subject) => textOf(subject['name']).startsWith('system:')),
    ),
  };
}

const escalates = (rule: JsonObject): boolean =>
  says(rule, 'verbs', (verb) => ESCALATING.has(verb)) ||
  names(rule, /^((serviceaccounts|\*)\/(\*|token)|(certificatesigningrequests|\*)\/approval)$/);

/** A role that is added up from others, or that adds itself to one of Kubernetes' own by a label. */
function joinsOthers({ aggregationRule, metadata }: JsonObject): boolean {
  const labels = isObject(metadata) ? metadata['labels'] : undefined;
  return (
    (aggregationRule !== undefined && aggregationRule !== null) ||
    (isObject(labels) && Object.keys(labels).some((label) => label.includes('rbac.authorization.k8s.io/aggregate-to-')))
  );
}

const objects = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter((item: JsonValue) => isObject(item)) : [];

const words = (rule: JsonObject, member: string): string[] => {
  const list = rule[member] ?? [];
  return Array.isArray(list) ? list.map((word: JsonValue) => textOf(word)) : [];
};

const names = (rule: JsonObject, pattern: RegExp): boolean =>
  rule['nonResourceURLs'] === undefined && says(rule, 'resources', (resource) => pattern.test(resource));

/** One of the words is such. A patch of one place (`/rules/0/verbs/-`) leaves the rest of its rule untold, and that may be any. */
const says = (rule: JsonObject, member: string, is: (word: string) => boolean): boolean =>
  rule[member] === undefined || rule[member] === null || words(rule, member).some(is);

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
