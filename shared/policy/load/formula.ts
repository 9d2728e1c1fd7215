import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { argument, isRecord, nodeOf } from './expression.ts';

/** A policy's conditions with everything but approvals, break-glass and groups left open. */
export interface Situation {
  /** Groups that have approved. */
  readonly approvals: readonly string[];
  readonly breakGlass: boolean;
  /** False: the agent is in no group, and is no agent, that a condition names. Undefined: it may be. */
  readonly named?: false;
}

/** Conditions asked of the rest of a request. Each doubles the work; a policy with more is one nobody can follow. */
const MAX_UNKNOWNS = 10;

/**
 * Whether `better` lets through whatever `worse` lets through, whatever the rest of the request may be: tried out over
 * every truth value of what the conditions ask beside. `undefined` when they ask too much to try.
 */
export function permitsNoLess(policy: PolicyJson, better: Situation, worse: Situation): boolean | undefined {
  const unknowns = [...new Set(policy.conditions.flatMap(({ body }) => unknownsOf(body, better)))];
  if (unknowns.length > MAX_UNKNOWNS) return undefined;
  return Array.from({ length: 2 ** unknowns.length }, (_none, row) => row).every((row) => {
    const values = new Map(unknowns.map((name, at) => [name, Math.floor(row / 2 ** at) % 2 === 1]));
    return permits(policy, better, values) || !permits(policy, worse, values);
  });
}

/** A permit permits where its conditions hold, a forbid where they do not. */
function permits(policy: PolicyJson, situation: Situation, values: ReadonlyMap<string, boolean>): boolean {
  const applies = policy.conditions.every(({ kind, body }) => holds(body, situation, values) === (kind === 'when'));
  return applies === (policy.effect === 'permit');
}

const CONNECTIVES = new Set(['&&', '||', '!', 'if-then-else']);

function holds(expression: unknown, situation: Situation, values: ReadonlyMap<string, boolean>): boolean {
  const known = knownValue(expression, situation);
  if (known !== undefined) return known;
  const { operator = '', body } = nodeOf(expression) ?? {};
  const at = (name: string) => holds(argument(body, name), situation, values);
  switch (operator) {
    case '&&':
      return at('left') && at('right');
    case '||':
      return at('left') || at('right');
    case '!':
      return !at('arg');
    case 'if-then-else':
      return at('if') ? at('then') : at('else');
    default:
      return values.get(nameOf(expression)) ?? false;
  }
}

function unknownsOf(expression: unknown, situation: Situation): string[] {
  if (knownValue(expression, situation) !== undefined) return [];
  const node = nodeOf(expression);
  if (node === undefined || !CONNECTIVES.has(node.operator) || !isRecord(node.body)) return [nameOf(expression)];
  return Object.values(node.body).flatMap((part) => unknownsOf(part, situation));
}

const nameOf = (expression: unknown): string => JSON.stringify(expression);

const NAMING = new Set(['in', '==']);

/** What the situation itself answers: a test of approvals, `context.breakGlass`, `principal in Group::"…"`, a literal. */
function knownValue(expression: unknown, { approvals, breakGlass, named }: Situation): boolean | undefined {
  const node = nodeOf(expression);
  if (node?.operator === 'Value' && typeof node.body === 'boolean') return node.body;
  if (isContext(expression, 'breakGlass')) return breakGlass;
  if (node !== undefined && NAMING.has(node.operator) && isVariable(argument(node.body, 'left'), 'principal'))
    return named;
  const asked = node !== undefined && isContext(argument(node.body, 'left'), 'approvals');
  if (!asked) return undefined;
  const groups = textsIn(argument(node.body, 'right'));
  return node.operator === 'containsAny'
    ? groups.some((group) => approvals.includes(group))
    : groups.every((group) => approvals.includes(group));
}

/** `context.NAME` itself. */
export function isContext(expression: unknown, name: string): boolean {
  const node = nodeOf(expression);
  if (node?.operator !== '.' || argument(node.body, 'attr') !== name) return false;
  return isVariable(argument(node.body, 'left'), 'context');
}

const isVariable = (expression: unknown, name: string): boolean => argument(expression, 'Var') === name;

/** Every text below: the groups of a test, in either of the two forms that Cedar gives a set of literals. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}
