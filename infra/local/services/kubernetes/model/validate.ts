import type { JsonObject, JsonValue } from '../../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../../shared/platform/result.ts';
import { ok } from '../../../../../shared/platform/result.ts';
import { at, isList, isObject, listAt, textAt, textsAt } from '../json.ts';
import type { Fault } from '../status.ts';
import { fault } from '../status.ts';
import type { Kind } from './kinds.ts';
import type { Field, Shape } from './types.ts';
import { SHAPES } from './types.ts';

/** DNS-1123 subdomains are what most names are; RBAC's may hold colons. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Members that no shape knows: with `fieldValidation=Strict`, which kubectl asks for, they are refused by name. */
export function strayFields(object: JsonObject, type: string): readonly string[] {
  const { apiVersion: _, kind: __, ...rest } = object;
  return strays(rest, SHAPES.get(type), '');
}

function strays(object: JsonObject, shape: Shape | undefined, path: string): readonly string[] {
  if (shape === undefined) return [];
  return Object.entries(object).flatMap(([name, value]) => {
    const field = shape.get(name);
    const here = path === '' ? name : `${path}.${name}`;
    return field === undefined ? [`unknown field "${here}"`] : straysIn(value, field, here);
  });
}

function straysIn(value: JsonValue, field: Field, path: string): readonly string[] {
  const inner = SHAPES.get(field.type);
  if (field.list && isList(value))
    return value.flatMap((item, index) => (isObject(item) ? strays(item, inner, `${path}[${index}]`) : []));
  return isObject(value) ? strays(value, inner, path) : [];
}

/** What the API server checks of every object, and of workloads, as far as it is checked here; else 422. */
export function checkObject(kind: Kind, object: JsonObject): Result<null, Fault> {
  const name = textAt(object, 'metadata', 'name');
  const rbac = kind.group === 'rbac.authorization.k8s.io';
  const problems = [
    ...(name.length <= 253 && (rbac ? /^[^/%]+$/ : NAME).test(name)
      ? []
      : [
          `metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
        ]),
    ...labelProblems(object),
    ...typeProblems(object, SHAPES.get(kind.kind), ''),
    ...workloadProblems(kind, object),
  ];
  if (problems.length === 0) return ok(null);
  const causes = problems.map((text) => ({
    reason: 'FieldValueInvalid',
    message: text,
    field: text.split(':')[0] ?? '',
  }));
  const details = { name, group: kind.group, kind: kind.kind, causes };
  return fault(
    'Invalid',
    `${kind.kind}${kind.group === '' ? '' : `.${kind.group}`} "${name}" is invalid: ${problems.join(', ')}`,
    details,
  );
}

function labelProblems(object: JsonObject): readonly string[] {
  return Object.entries(textsAt(object, 'metadata', 'labels'))
    .filter(([key, value]) => !LABEL_KEY.test(key) || !LABEL_VALUE.test(value))
    .map(([key, value]) => `metadata.labels: Invalid value: "${key}=${value}": a valid label is needed`);
}

/** Plain values of the wrong type. Objects and lists of the wrong type are found where they are looked into. */
function typeProblems(object: JsonObject, shape: Shape | undefined, path: string): readonly string[] {
  if (shape === undefined) return [];
  return Object.entries(object).flatMap(([name, value]) => {
    const field = shape.get(name);
    if (field === undefined || value === null) return [];
    const here = path === '' ? name : `${path}.${name}`;
    if (field.list !== isList(value) && field.type !== 'any')
      return [`${here}: Invalid value: ${field.list ? 'a list' : 'no list'} is needed`];
    const items = isList(value) ? value : [value];
    return items.flatMap((item) => itemProblems(item, field, here));
  });
}

const PLAIN: Readonly<Record<string, string>> = { string: 'string', int: 'number', bool: 'boolean', time: 'string' };

function itemProblems(item: JsonValue, field: Field, path: string): readonly string[] {
  const plain = PLAIN[field.type];
  if (plain !== undefined) return typeof item === plain ? [] : [`${path}: Invalid value: a ${plain} is needed`];
  const inner = SHAPES.get(field.type);
  if (inner === undefined) return [];
  return isObject(item) ? typeProblems(item, inner, path) : [`${path}: Invalid value: an object is needed`];
}

const WITH_TEMPLATE = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'];

function workloadProblems({ kind }: Kind, object: JsonObject): readonly string[] {
  if (kind === 'Pod') return containerProblems(object, 'spec');
  if (!WITH_TEMPLATE.includes(kind)) return [];
  const problems = [...containerProblems(at(object, 'spec', 'template') ?? {}, 'spec', 'spec.template.')];
  if (kind === 'Job') return problems;
  const wanted = textsAt(object, 'spec', 'selector', 'matchLabels');
  const labels = textsAt(object, 'spec', 'template', 'metadata', 'labels');
  if (Object.keys(wanted).length === 0) problems.push('spec.selector: Required value');
  if (Object.entries(wanted).some(([key, value]) => labels[key] !== value))
    problems.push('spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`');
  return problems;
}

function containerProblems(owner: JsonValue, member: string, path = ''): readonly string[] {
  const containers = listAt(owner, member, 'containers');
  if (containers.length === 0) return [`${path}${member}.containers: Required value`];
  return containers.flatMap((container, index) => [
    ...(textAt(container, 'name') === '' ? [`${path}${member}.containers[${index}].name: Required value`] : []),
    ...(textAt(container, 'image') === '' ? [`${path}${member}.containers[${index}].image: Required value`] : []),
  ]);
}
