import type { Node } from 'libpg-query';
import { as, tagOf } from '../grammar/nodes.ts';
import { NO_OUTPUT } from '../lineage/scope.ts';
import type { Output } from '../lineage/scope.ts';
import { STATEMENT_RULES } from './statement-rules.ts';
import type { StatementRules } from './statement-rules.ts';
import { opaque } from './utility.ts';
import type { Walk } from './walk.ts';

/** Reads one statement by the rule of its node type; without one it is unreadable. */
export function statement(node: Node | undefined, walk: Walk): Output {
  const tag = node === undefined ? undefined : tagOf(node);
  if (node === undefined || tag === undefined || !hasRule(tag)) {
    walk.unreadable(`No rule reads ${tag ?? 'this'} as a statement.`);
    return opaque('its statement cannot be read');
  }
  return apply(tag, node, walk);
}

function hasRule(tag: string): tag is keyof StatementRules {
  return Object.hasOwn(STATEMENT_RULES, tag);
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- K ties the rule to the node it is for
function apply<K extends keyof StatementRules>(tag: K, node: Node, walk: Walk): Output {
  const inside = as(node, tag);
  if (inside === undefined) return NO_OUTPUT;
  walk.reads(inside);
  const rules: StatementRules = STATEMENT_RULES;
  return rules[tag](inside, walk);
}
