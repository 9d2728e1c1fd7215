import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { argument, isApprovals, mentionsApprovals, nodeOf } from './expression.ts';

/** How a policy reads `context.approvals`: the groups it names, or why it may not read it so. */
export interface ApprovalsUse {
  readonly groups: readonly string[];
  readonly faults: readonly string[];
}

const TESTS = new Set(['contains', 'containsAll', 'containsAny']);

/**
 * An approval may only ever permit more. Then a statement that may run with some approvals may run with more of them, there is
 * always a least set to ask for, and nobody can block others by approving. Checked by sign: a permit's `when` counts
 * plus, `unless` and `!` turn it, a forbid turns it; `context.approvals` may be tested only where the sign is plus, and only
 * for groups written out, so that they can be checked.
 */
export function approvalsUse(policy: PolicyJson): ApprovalsUse {
  const uses = policy.conditions.map((clause) =>
    walk(clause.body, (policy.effect === 'permit') === (clause.kind === 'when')),
  );
  return merge(uses);
}

const NONE: ApprovalsUse = { groups: [], faults: [] };
const fault = (text: string): ApprovalsUse => ({ groups: [], faults: [text] });

function merge(uses: readonly ApprovalsUse[]): ApprovalsUse {
  return {
    groups: [...new Set(uses.flatMap((use) => use.groups))],
    faults: [...new Set(uses.flatMap((use) => use.faults))],
  };
}

function walk(expression: unknown, plus: boolean): ApprovalsUse {
  if (!mentionsApprovals(expression)) return NONE;
  const node = nodeOf(expression);
  if (node === undefined) return fault('context.approvals is used in a way that cannot be checked');
  const { operator, body } = node;
  const at = (name: string, sign = plus) => walk(argument(body, name), sign);
  if (operator === '&&' || operator === '||') return merge([at('left'), at('right')]);
  if (operator === '!') return at('arg', !plus);
  if (operator === 'if-then-else' && !mentionsApprovals(argument(body, 'if'))) return merge([at('then'), at('else')]);
  if (TESTS.has(operator) && isApprovals(argument(body, 'left'))) return test(argument(body, 'right'), plus);
  return fault('context.approvals may only be asked with .contains("GROUP"), .containsAll([…]) or .containsAny([…])');
}

function test(right: unknown, plus: boolean): ApprovalsUse {
  if (!plus) return fault('an approval would forbid here what is permitted without it');
  const groups = literals(right);
  return groups === undefined
    ? fault('the groups asked of context.approvals must be written out as text')
    : { groups, faults: [] };
}

/** `"dba"`, or `["dba", "sre"]` in either of the two forms that Cedar gives a set of literals. */
function literals(expression: unknown): string[] | undefined {
  const node = nodeOf(expression);
  if (node?.operator === 'Value') return typeof node.body === 'string' ? [node.body] : textsOf(node.body);
  if (node?.operator !== 'Set' || !Array.isArray(node.body)) return undefined;
  return textsOf(node.body.map((item: unknown) => argument(item, 'Value')));
}

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}
