import type { Node } from 'libpg-query';
import { rawParse } from './engine.ts';
import { guardText } from './guard.ts';
import { as } from './nodes.ts';
import { withinBounds } from './parse.ts';

/**
 * The statements of a body: plain SQL text, the `BEGIN ATOMIC … END` or `RETURN …` that PostgreSQL prints for bodies it
 * keeps parsed (CREATE FUNCTION, sql_body), or the actions and the condition of a printed rule. Undefined when it cannot be read whole.
 */
export async function parseBody(text: string): Promise<readonly Node[] | undefined> {
  const wrapped = /^\s*(BEGIN\s+ATOMIC|RETURN)\b/i.test(text);
  const source = wrapped ? `CREATE FUNCTION f() RETURNS int LANGUAGE sql ${text}` : text;
  if (!guardText(source).ok) return undefined;
  const raw = await rawParse(source);
  if (raw.kind !== 'tree') return undefined;
  const statements = (raw.tree.stmts ?? []).flatMap((statement) => statement.stmt ?? []);
  if (!statements.every(withinBounds)) return undefined;
  const [only] = statements;
  const rule = as(only, 'RuleStmt');
  if (rule !== undefined)
    return [...(rule.actions ?? []), ...(rule.whereClause === undefined ? [] : [selecting(rule.whereClause)])];
  return wrapped ? sqlBody(as(only, 'CreateFunctionStmt')?.sql_body) : statements;
}

function selecting(value: Node): Node {
  return { SelectStmt: { targetList: [{ ResTarget: { val: value } }], op: 'SETOP_NONE' } };
}

function sqlBody(body: Node | undefined): readonly Node[] | undefined {
  const value = as(body, 'ReturnStmt')?.returnval;
  if (value !== undefined) return [selecting(value)];
  return as(body, 'List')?.items?.flatMap((item) => as(item, 'List')?.items ?? [item]);
}
