import { beforeAll, describe, expect, test } from 'vitest';
import type { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import { shopCatalogue } from './support/catalogue.ts';

let catalogue: PostgresCatalogue;
beforeAll(async () => {
  catalogue = await shopCatalogue();
});

/** `email predicate`, with `=` where it is one bound parameter and nothing else; each once, in order. */
async function told(text: string): Promise<string[]> {
  const given = text.includes(':v') ? { parameters: { v: 'x' } } : {};
  const analysis = await analyze({ text, ...given }, catalogue);
  if (!analysis.ok) throw new Error(analysis.error.message);
  const all = analysis.value.inferences.map(
    ({ column, way, equalityByParameter }) => `${column?.column ?? '?'} ${way}${equalityByParameter ? ' =' : ''}`,
  );
  return [...new Set(all)].filter((one) => one.startsWith('email')).sort();
}

describe('what a statement tells of a column without showing it', () => {
  test.each<[string, string, string[]]>([
    ['shown, and nothing else', 'SELECT email FROM customers', []],
    ['a condition', "SELECT id FROM customers WHERE email LIKE 'a%'", ['email predicate']],
    ['equal to a literal', "SELECT id FROM customers WHERE email = 'a'", ['email predicate']],
    ['equal to one bound parameter', 'SELECT id FROM customers WHERE email = :v', ['email predicate =']],
    ['the parameter first', 'SELECT id FROM customers WHERE :v = email', ['email predicate =']],
    [
      'a parameter behind a function',
      'SELECT id FROM customers WHERE lower(email) = :v',
      ['email failure', 'email predicate'],
    ],
    ['a condition on an aggregate', 'SELECT count(*) FROM customers HAVING max(email) > :v', ['email predicate']],
    ['a filter', 'SELECT count(*) FILTER (WHERE email IS NULL) FROM customers', ['email predicate']],
    ['a filter of JSON', "SELECT json_arrayagg(id) FILTER (WHERE email < 'b') FROM customers", ['email predicate']],
    [
      'a condition inside an EXISTS',
      "SELECT 1 WHERE EXISTS (SELECT 1 FROM customers WHERE email > 'b')",
      ['email predicate'],
    ],
    ['a join', 'SELECT 1 FROM customers a JOIN customers b ON a.email = b.email', ['email join']],
    ['a join by name', 'SELECT 1 FROM customers a JOIN customers b USING (email)', ['email join']],
    ['a grouping', 'SELECT count(*) FROM customers GROUP BY email', ['email grouping']],
    ['distinct rows', 'SELECT DISTINCT email FROM customers', ['email grouping']],
    ['an order', 'SELECT id FROM customers ORDER BY email', ['email ordering']],
    ['the order of a window', 'SELECT row_number() OVER (ORDER BY email) FROM customers', ['email ordering']],
    ['a partition', 'SELECT row_number() OVER (PARTITION BY email) FROM customers', ['email grouping']],
    ['two queries compared', 'SELECT email FROM customers EXCEPT SELECT :v', ['email comparison']],
    ['a computation that may fail', 'SELECT email::int FROM customers', ['email failure']],
    ['a row policy', "CREATE POLICY p ON orders USING ((SELECT email > 'n' FROM customers))", ['email predicate']],
    ['a policy on its own rows', "ALTER POLICY p ON customers WITH CHECK (email > 'n')", ['email predicate']],
    ['a partial index', "CREATE INDEX ON customers (id) WHERE email > 'n'", ['email predicate']],
    ['an index of what may fail', 'CREATE INDEX ON customers ((1 / length(email)))', ['email failure']],
    ['an index of what cannot', 'CREATE INDEX ON customers (upper(email))', []],
    ['statistics of what may fail', 'CREATE STATISTICS s ON (1 / length(email)), id FROM customers', ['email failure']],
    [
      'the condition of a trigger',
      "CREATE TRIGGER t BEFORE UPDATE ON customers FOR EACH ROW WHEN (old.email > 'n') EXECUTE FUNCTION audit()",
      ['email predicate'],
    ],
    [
      'the condition of a rule',
      "CREATE RULE r AS ON UPDATE TO customers WHERE old.email > 'n' DO INSTEAD NOTHING",
      ['email predicate'],
    ],
    ['rows that a function finds by its argument', "SELECT 1 FROM ids_of('a')", ['email rows']],
    ['rows that it gives in a list', "SELECT ids_of('a')", ['email rows']],
  ])('%s', async (_what, text, expected) => {
    expect(await told(text)).toEqual(expected);
  });

  test('a partition, of the columns that rows lie in it by', async () => {
    const analysis = await analyze({ text: 'SELECT id FROM parted_1' }, catalogue);
    const ways = analysis.ok ? analysis.value.inferences : [];
    expect(ways).toMatchObject([{ column: { relation: 'public.parted', column: 'secret' }, way: 'predicate' }]);
  });

  test('what a called body puts elsewhere', async () => {
    const analysis = await analyze({ text: 'SELECT copying(1)' }, catalogue);
    const moves = analysis.ok ? analysis.value.moves : [];
    expect(moves).toMatchObject([{ column: { column: 'email' }, place: 'public.orders.status' }]);
  });
});
