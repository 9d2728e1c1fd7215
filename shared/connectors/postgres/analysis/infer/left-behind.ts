import type { CreateFunctionStmt, Node, RangeVar } from 'libpg-query';
import { as, textOf } from '../../grammar/nodes.ts';
import { unknownFrom } from '../../lineage/provenance.ts';
import type { Scope } from '../../lineage/scope.ts';
import { expression } from '../expressions.ts';
import { readEntry } from '../relations.ts';
import type { Walk } from '../walk.ts';
import { condition } from './conditions.ts';

/** What a definition has its relation's rows asked from then on. */
interface Asked {
  /** Which rows are shown, written, indexed, or make a trigger or a rule act. */
  readonly conditions?: readonly (Node | undefined)[];
  /** What is computed for every row, now and later. */
  readonly computed?: readonly (Node | undefined)[];
}

/**
 * A condition that is left behind answers whenever it is met: a row policy by the rows that are shown, a partial index by
 * its size, a trigger by what it does. It is judged as it is made, like one in a WHERE; those of others are their word.
 */
export function leftBehind(relation: RangeVar | undefined, asked: Asked, walk: Walk): void {
  const { conditions = [], computed = [] } = asked;
  if (relation === undefined || [...conditions, ...computed].every((node) => node === undefined)) return;
  const inner = walk.inner('a definition');
  const entry = readEntry(relation, inner, true);
  const rows = ['old', 'new'].map((alias) => ({ ...entry, alias, schema: undefined }));
  const item = { entries: [entry, ...rows], columns: entry.columns };
  const scope: Scope = { item, parent: undefined, ctes: undefined };
  for (const node of conditions) condition(node, 'predicate', { walk: inner, scope });
  for (const node of computed) expression(node, { walk: inner, scope });
  walk.flows.absorb(inner.flows);
}

/** Code in a language that is not read here runs when it is called, and may fail, or not, by whatever it looks at. */
export function codeLeftBehind({ options = [], sql_body: body }: CreateFunctionStmt, walk: Walk): void {
  const language = options.map((option) => as(option, 'DefElem')).find((option) => option?.defname === 'language');
  const isSql = body !== undefined || textOf(language?.arg)?.toLowerCase() === 'sql';
  if (!isSql) walk.flows.infer('code', unknownFrom('the body of a function is not looked into'));
}
