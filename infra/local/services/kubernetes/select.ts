import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import { at, listAt, textAt, textsAt } from './json.ts';
import type { Fault } from './status.ts';
import { fault } from './status.ts';

export type Test = (object: JsonObject) => boolean;

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k` (Kubernetes, "Labels and Selectors"). */
export function labelSelector(text: string): Result<Test, Fault> {
  const terms = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  const tests: Test[] = [];
  for (const term of terms) {
    const test = labelTerm(term.trim());
    if (test === undefined) return fault('BadRequest', `unable to parse requirement: ${term}`);
    tests.push(test);
  }
  return ok((object) => tests.every((test) => test(object)));
}

const TERM = /^(!?)\s*([\w./-]+)\s*(?:(==?|!=)\s*([\w.-]*)|\s(in|notin)\s*\(([^)]*)\))?$/;

function labelTerm(term: string): Test | undefined {
  const found = TERM.exec(term);
  if (found === null) return undefined;
  const [, not, key = '', sign, value = '', word, set = ''] = found;
  const labelOf = (object: JsonObject): string | undefined => textsAt(object, 'metadata', 'labels')[key];
  if (word !== undefined) {
    const values = set.split(',').map((one) => one.trim());
    return (object) => values.includes(labelOf(object) ?? '\0') === (word === 'in');
  }
  if (sign !== undefined) return not === '' ? (object) => (labelOf(object) === value) === (sign !== '!=') : undefined;
  return (object) => (labelOf(object) !== undefined) === (not === '');
}

/** Beyond name and namespace, the fields that the API server indexes for a kind. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  Event: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'fieldPath', 'resourceVersion'].map(
      (name) => `involvedObject.${name}`,
    ),
    ...['reason', 'type', 'reportingComponent', 'source'],
  ],
  Secret: ['type'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Job: ['status.successful'],
};

export function fieldSelector(text: string, kind: string): Result<Test, Fault> {
  const tests: Test[] = [];
  for (const term of text.split(',').filter((one) => one !== '')) {
    const [, field = '', sign, value = ''] = /^([\w.]+)(==?|!=)(.*)$/.exec(term) ?? [];
    const known = ['metadata.name', 'metadata.namespace', ...(FIELDS[kind] ?? [])];
    if (!known.includes(field)) return fault('BadRequest', `field label not supported: ${field === '' ? term : field}`);
    tests.push((object) => (fieldText(object, field) === value) === (sign !== '!='));
  }
  return ok((object) => tests.every((test) => test(object)));
}

function fieldText(object: JsonObject, field: string): string {
  const value = at(object, ...field.split('.'));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A workload's own selector: its labels, and its expressions. */
export function matchesSelector(selector: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const fits = Object.entries(textsAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value);
  return fits && listAt(selector, 'matchExpressions').every((one) => matchesExpression(one, labels));
}

function matchesExpression(one: JsonObject[string], labels: Readonly<Record<string, string>>): boolean {
  const label = labels[textAt(one, 'key')];
  const listed = label !== undefined && listAt(one, 'values').includes(label);
  switch (textAt(one, 'operator')) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      return false;
  }
}
