import type { JsonObject, JsonValue } from '../../../shared/platform/json-value.ts';
import { isObject } from '../lambda/json.ts';
import { StartFailure } from '../start-failure.ts';
import type { Identifiers } from './identifiers.ts';

type Intrinsic = (operand: JsonValue, identifiers: Identifiers) => JsonValue;

/** The intrinsic functions that CDK writes into templates (CloudFormation user guide, "Intrinsic function reference"). */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (operand, identifiers) => identifiers.ref(text(operand, 'Ref')),
  'Fn::GetAtt': (operand, identifiers) => {
    const [id, attribute] = typeof operand === 'string' ? splitAtFirstDot(operand) : list(operand, 'Fn::GetAtt');
    return identifiers.attribute(text(id, 'Fn::GetAtt'), text(attribute, 'Fn::GetAtt'));
  },
  'Fn::Join': (operand, identifiers) => {
    const [separator, parts] = list(operand, 'Fn::Join');
    const resolved = list(resolve(parts ?? null, identifiers), 'Fn::Join');
    return resolved.map((part) => text(part, 'Fn::Join')).join(text(separator, 'Fn::Join'));
  },
  'Fn::Sub': (operand, identifiers) => {
    const [pattern, variables] = typeof operand === 'string' ? [operand, {}] : list(operand, 'Fn::Sub');
    return substitute(text(pattern, 'Fn::Sub'), isObject(variables) ? variables : {}, identifiers);
  },
  'Fn::Select': (operand, identifiers) => {
    const [index, from] = list(operand, 'Fn::Select');
    const chosen = list(resolve(from ?? null, identifiers), 'Fn::Select')[Number(index)];
    if (chosen === undefined) throw new StartFailure(`Fn::Select: there is no element ${JSON.stringify(index)}`);
    return chosen;
  },
  'Fn::Split': (operand, identifiers) => {
    const [separator, from] = list(operand, 'Fn::Split');
    return text(resolve(from ?? null, identifiers), 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
};

/** The value with every intrinsic function worked out. An intrinsic that is not in the table is an error, never a guess. */
export function resolve(value: JsonValue, identifiers: Identifiers): JsonValue {
  if (isList(value)) return value.map((entry) => resolve(entry, identifiers));
  if (!isObject(value)) return value;
  const [only, ...others] = Object.entries(value);
  if (only !== undefined && others.length === 0 && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    const intrinsic = INTRINSICS[only[0]];
    if (intrinsic === undefined) throw new StartFailure(`the embedded stack does not work out ${only[0]}`);
    return intrinsic(only[1], identifiers);
  }
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, resolve(content, identifiers)]));
}

/** `${Name}`, `${Id.Attribute}`, and `${!Literal}` for a dollar that stays. */
function substitute(pattern: string, variables: JsonObject, identifiers: Identifiers): string {
  return pattern.replaceAll(/\$\{([^}]+)\}/g, (_whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(variables, name)) return text(resolve(variables[name] ?? null, identifiers), 'Fn::Sub');
    const [id, attribute] = splitAtFirstDot(name);
    return text(attribute === undefined ? identifiers.ref(name) : identifiers.attribute(id, attribute), 'Fn::Sub');
  });
}

function splitAtFirstDot(name: string): [string, string | undefined] {
  const dot = name.indexOf('.');
  return dot === -1 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function list(value: JsonValue, where: string): readonly JsonValue[] {
  if (isList(value)) return value;
  throw new StartFailure(`${where}: a list was expected, not ${JSON.stringify(value).slice(0, 100)}`);
}

/** Numbers and booleans become text, as CloudFormation's do. */
function text(value: JsonValue | undefined, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new StartFailure(`${where}: text was expected, not ${JSON.stringify(value ?? null).slice(0, 100)}`);
}
