import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { EXPRESSION_RULES } from '../../shared/connectors/postgres/analysis/expressions.ts';
import { NEVER, PARTS } from '../../shared/connectors/postgres/analysis/node-types.ts';
import { STATEMENT_RULES } from '../../shared/connectors/postgres/analysis/statement-rules.ts';

/** Node types of the grammar that is installed, read from its own declaration: `type Node = { A: A } | { B: B } | …`. */
function installed(): string[] {
  const libpgQuery = createRequire(import.meta.url).resolve('libpg-query');
  const types = createRequire(libpgQuery).resolve('@pgsql/types');
  const text = readFileSync(join(dirname(types), 'types.d.ts'), 'utf8');
  const union = /export type Node = ([^;]*(?:;\s*\} \| \{[^;]*)*;\s*\});/.exec(text)?.[1] ?? '';
  return [...union.matchAll(/(\w+): \1\b/g)].map((match) => match[1] ?? '');
}

it('every node type of the installed grammar has a rule, is part of one, or never stands in a statement', () => {
  const known = new Set<string>([
    ...Object.keys(STATEMENT_RULES),
    ...Object.keys(EXPRESSION_RULES),
    ...PARTS,
    ...NEVER,
  ]);
  const found = installed();
  expect(found.length).toBeGreaterThan(250);
  expect(found.filter((tag) => !known.has(tag))).toEqual([]);
  expect([...known].filter((tag) => !found.includes(tag))).toEqual([]);
});
