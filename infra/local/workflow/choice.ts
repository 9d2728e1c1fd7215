import * as z from 'zod';
import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { lookUp, StateError } from './json-path.ts';
import type { Scope } from './json-path.ts';

type Test = (value: JsonValue | undefined, operand: JsonValue) => boolean;

const numbers =
  (compare: (left: number, right: number) => boolean): Test =>
  (value, operand) =>
    typeof value === 'number' && typeof operand === 'number' && compare(value, operand);

/** One row a comparison (states-language.net, "Data-Test Expression"). A value of another type is never equal. */
const COMPARISONS: Readonly<Record<string, Test>> = {
  StringEquals: (value, operand) => typeof value === 'string' && value === operand,
  BooleanEquals: (value, operand) => typeof value === 'boolean' && value === operand,
  NumericEquals: numbers((left, right) => left === right),
  NumericLessThan: numbers((left, right) => left < right),
  NumericLessThanEquals: numbers((left, right) => left <= right),
  NumericGreaterThan: numbers((left, right) => left > right),
  NumericGreaterThanEquals: numbers((left, right) => left >= right),
  IsPresent: (value, operand) => (value !== undefined) === operand,
  IsNull: (value, operand) => (value === null) === operand,
  IsString: (value, operand) => (typeof value === 'string') === operand,
  IsNumeric: (value, operand) => (typeof value === 'number') === operand,
  IsBoolean: (value, operand) => (typeof value === 'boolean') === operand,
};

type Rule = Readonly<Record<string, JsonValue>>;
const ruleSchema = z.record(z.string(), z.json());
const rulesSchema = z.array(ruleSchema);
const STRUCTURE = new Set(['Variable', 'Next', 'Comment']);

/** Every comparison in a rule that has no row above, so that a definition is refused before it runs. */
export function comparisonNames(rule: Readonly<Record<string, unknown>>): { unknown: string[] } {
  const unknown: string[] = [];
  for (const [name, operand] of Object.entries(rule)) {
    if (STRUCTURE.has(name) || Object.hasOwn(COMPARISONS, name)) continue;
    if (name === 'And' || name === 'Or')
      unknown.push(...rulesSchema.parse(operand).flatMap((inner) => comparisonNames(inner).unknown));
    else if (name === 'Not') unknown.push(...comparisonNames(ruleSchema.parse(operand)).unknown);
    else unknown.push(name);
  }
  return { unknown };
}

/** Whether a Choice rule holds. */
export function holds(rule: Rule, scope: Scope): boolean {
  if (rule['And'] !== undefined) return rulesSchema.parse(rule['And']).every((inner) => holds(inner, scope));
  if (rule['Or'] !== undefined) return rulesSchema.parse(rule['Or']).some((inner) => holds(inner, scope));
  if (rule['Not'] !== undefined) return !holds(ruleSchema.parse(rule['Not']), scope);
  const variable = rule['Variable'];
  if (typeof variable !== 'string') return false;
  const value = lookUp(variable, scope);
  // Step Functions fails the execution here; only IsPresent may ask about what is not there.
  if (value === undefined && rule['IsPresent'] === undefined) {
    throw new StateError(
      'States.Runtime',
      `Invalid path '${variable}': the choice state's condition path references an invalid value`,
    );
  }
  return Object.entries(rule).every(
    ([name, operand]) => STRUCTURE.has(name) || COMPARISONS[name]?.(value, operand) === true,
  );
}
