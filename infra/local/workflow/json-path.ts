import type { JsonObject, JsonValue } from '../../../shared/platform/json-value.ts';
import { isObject } from '../lambda/json.ts';

/** Raised inside a state; becomes the error name that Retry and Catch look at. */
export class StateError extends Error {
  readonly error: string;
  constructor(error: string, cause: string) {
    super(cause);
    this.error = error;
  }
}

const STEP = /^(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\['([^']+)'\]|\[(\d+)\])/;

type Step = string | number;

/** Steps of a reference path (states-language.net, "Reference Paths"), or why it is none. */
function parse(path: string): Step[] | string {
  let rest = path.startsWith('$$') ? path.slice(2) : path.slice(1);
  if (!path.startsWith('$')) return `${path} does not start with $`;
  const steps: Step[] = [];
  while (rest !== '') {
    const found = STEP.exec(rest);
    if (found === null) return `${path} is not a definite path`;
    const [whole, name, quoted, index] = found;
    steps.push(index === undefined ? (name ?? quoted ?? '') : Number(index));
    rest = rest.slice(whole.length);
  }
  return steps;
}

export function faultInPath(path: string): string | undefined {
  const steps = parse(path);
  return typeof steps === 'string' ? steps : undefined;
}

export type Scope = { readonly input: JsonValue; readonly context: JsonObject };

/** The value at a path, `undefined` when there is none. `$$…` reads the context object. */
export function lookUp(path: string, scope: Scope): JsonValue | undefined {
  const steps = parse(path);
  if (typeof steps === 'string') throw new StateError('States.Runtime', steps);
  let value: JsonValue | undefined = path.startsWith('$$') ? scope.context : scope.input;
  for (const step of steps) value = child(value, step);
  return value;
}

function child(value: JsonValue | undefined, step: Step): JsonValue | undefined {
  if (typeof step === 'number') return Array.isArray(value) ? elementOf(value, step) : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

const elementOf = (list: readonly JsonValue[], index: number): JsonValue | undefined => list[index];

/** As `lookUp`, but nothing there is the error that Step Functions raises. */
export function read(path: string, scope: Scope): JsonValue {
  const value = lookUp(path, scope);
  if (value === undefined)
    throw new StateError('States.ParameterPathFailure', `The JSONPath '${path}' could not be found in the input`);
  return value;
}

/** InputPath and OutputPath: `null` discards everything. */
export function select(path: string | null, scope: Scope): JsonValue {
  return path === null ? {} : read(path, scope);
}

/** Parameters and ResultSelector: members named `x.$` are paths, everything else is taken as it is. */
export function fill(template: JsonValue, scope: Scope): JsonValue {
  if (Array.isArray(template)) return template.map((entry: JsonValue) => fill(entry, scope));
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(([name, value]): [string, JsonValue] =>
    name.endsWith('.$') && typeof value === 'string'
      ? [name.slice(0, -2), read(value, scope)]
      : [name, fill(value, scope)],
  );
  return Object.fromEntries(entries);
}

/** ResultPath: where in the input a result goes. `$` replaces the input, `null` discards the result. */
export function place(path: string | null, input: JsonValue, result: JsonValue): JsonValue {
  if (path === null) return input;
  const steps = parse(path);
  if (typeof steps === 'string') throw new StateError('States.ResultPathMatchFailure', steps);
  return put(input, steps, result);
}

function put(into: JsonValue, steps: readonly Step[], result: JsonValue): JsonValue {
  const [first, ...rest] = steps;
  if (first === undefined) return result;
  if (typeof first === 'number' || !isObject(into)) {
    throw new StateError('States.ResultPathMatchFailure', 'ResultPath leads into something that is not an object');
  }
  const inner = Object.hasOwn(into, first) ? into[first] : undefined;
  return { ...into, [first]: put(inner ?? {}, rest, result) };
}
