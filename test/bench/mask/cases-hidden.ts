import { ending, type Case } from './cases.ts';

/** Columns by position behind functions whose columns nobody lists, partitions by a classified key, functions, plans, definitions. */
export const hidden = (): readonly Case[] => [
  ...ending('direct', 'masked', [
    'SELECT b FROM pairs()',
    'SELECT y FROM pairs() AS f(x, y)',
    'SELECT y FROM pairs() WITH ORDINALITY AS f(x, y, z)',
    'SELECT y FROM ROWS FROM (pairs(), generate_series(1, 3)) AS f(x, y, z)',
    'SELECT z FROM ROWS FROM (generate_series(1, 3), pairs()) AS f(x, y, z)',
    'SELECT j.y FROM (pairs() CROSS JOIN teams) AS j(x, y, z)',
    'SELECT s.y FROM (SELECT p.*, t.name FROM pairs() p, teams t) s(x, y, z)',
    'WITH w(x, y, z) AS (SELECT p.*, 1 FROM pairs() p) SELECT y FROM w',
    'SELECT s.y FROM (SELECT (pairs()).*, 1) s(x, y)',
    'SELECT by_code(3)',
    'SELECT best_paid()',
    'SELECT greeting(address_of(2))',
    'SELECT pay.tableoid FROM pay',
    "SELECT id, p.tableoid = 'pay_low'::regclass FROM pay p ORDER BY id",
    'EXPLAIN SELECT email FROM clients',
    'EXPLAIN SELECT note FROM pay',
    'EXPLAIN SELECT newest FROM cities',
    'EXPLAIN SELECT by_code(1)',
  ]),
  ...ending('oracle', 'predicate', [
    'SELECT id FROM pay_low',
    'SELECT count(*) FROM pay_high',
    "UPDATE pay_low SET note = note || '' RETURNING id",
    'EXPLAIN SELECT id FROM pay_low',
    "EXPLAIN SELECT id FROM clients WHERE email < 'n'",
    "SELECT 'yes' WHERE address_of(1) < 'n'",
    "SELECT name FROM teams WHERE greeting(address_of(id)) < 'n'",
    "CREATE POLICY peek ON notes USING ((SELECT email < 'n' FROM clients WHERE id = 1))",
    "CREATE INDEX ON clients (id) WHERE email < 'n'",
    "CREATE TRIGGER peek BEFORE UPDATE ON clients FOR EACH ROW WHEN (old.email < 'n') EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE peek AS ON UPDATE TO clients WHERE old.email < 'n' DO INSTEAD NOTHING",
  ]),
  ...ending('oracle', 'rows', [
    "SELECT ids_after('n')",
    "SELECT count(*) FROM ids_after('n')",
    "SELECT name FROM clients WHERE id IN (SELECT ids_after('n'))",
    'SELECT g FROM generate_series(1, length(address_of(1))) g',
  ]),
  ...ending('oracle', 'ordering', [
    'SELECT id FROM clients ORDER BY address_of(id)',
    'SELECT id FROM pay ORDER BY tableoid',
  ]),
];
