import { ending, type Case } from './cases.ts';

/**
 * Computations that some values make fail, and those that are done for some values only: whether a statement fails, moves
 * a sequence or takes minutes answers a question as a row does.
 */
export const failures = (): readonly Case[] => [
  ...ending('oracle', 'failure', [
    // Where it is decided, the rest is not computed.
    "SELECT left(email, 1) BETWEEN 'n' AND (1 / (id - 1))::text FROM clients WHERE id = 1",
    "SELECT left(email, 1) NOT BETWEEN SYMMETRIC (1 / (id - 1))::text AND 'n' FROM clients WHERE id = 1",
    'SELECT left(email, 1) IN (left(name, 1), (1 / (id - 1))::text) FROM clients WHERE id = 1',
    "SELECT (email, 1 / (id - 1)) <= ('n', 0) FROM clients WHERE id = 1",
    "SELECT (email > 'n', 1 / (id - 1)) = (false, 0) FROM clients WHERE id = 1",
    "SELECT (email > 'n', 1 / (id - 1)) IS DISTINCT FROM (false, 0) FROM clients WHERE id = 1",
    "SELECT (email < 'n') IN (SELECT g = 1 OR 1 / (g - 1 - clients.id) = 5 FROM generate_series(1, 2) g) FROM clients WHERE id = 1",
    "SELECT (phone < 'n') = ANY (SELECT g = 1 OR 1 / (g - 1 - clients.id) = 5 FROM generate_series(1, 2) g) FROM clients WHERE id = 1",
    "SELECT json_value(to_jsonb(email < 'n'), '$ ? (@ == true)' RETURNING int DEFAULT 1 / (id - 1) ON EMPTY) FROM clients WHERE id = 1",
    // What was done shows, though its value is masked.
    "SELECT CASE WHEN email < 'n' THEN nextval('counters') END FROM clients WHERE id = 1",
    "SELECT email > 'n' OR setval('counters', 7) > 0 FROM clients WHERE id = 1",
    "SELECT coalesce(nullif(email < 'n', true)::text, nextval('counters')::text) FROM clients WHERE id = 1",
    "SELECT CASE WHEN email < 'n' THEN pg_try_advisory_lock(5) END FROM clients WHERE id = 1",
    "SELECT CASE WHEN email < 'n' THEN lo_create(0) END FROM clients WHERE id = 1",
    "SELECT CASE WHEN email < 'n' THEN (SELECT count(*) FROM visits a, visits b, visits c, visits d) END FROM clients WHERE id = 1",
    "SELECT email < 'n' AND (SELECT count(*) FROM generate_series(1, 1000000)) > 0 FROM clients WHERE id = 1",
    // A value as a pattern, a place, a unit, a key.
    "SELECT regexp_replace('x', replace(email, 'q', '('), '') FROM clients",
    "SELECT substring('x' FROM replace(email, 'b', '[')) FROM clients",
    "SELECT format(replace(email, 'q', '%')) FROM clients",
    "SELECT format('%*s', salary - 50000, 'x') FROM clients WHERE id = 1",
    "SELECT split_part('a,b,c', ',', salary - 41000) FROM clients WHERE id = 1",
    "SELECT substr('abc', 1, salary - 50000) FROM clients WHERE id = 1",
    "SELECT date_trunc(CASE WHEN email < 'n' THEN 'day' ELSE 'x' END, now()) FROM clients WHERE id = 1",
    "SELECT encode('a', CASE WHEN email < 'n' THEN 'hex' ELSE 'x' END) FROM clients WHERE id = 1",
    "SELECT length(sealed || CASE WHEN token < 'n' THEN '\\xff'::bytea ELSE ''::bytea END, 'UTF8') FROM tokens WHERE id = 1",
    "SELECT json_object(left(email, 1): 1, 'q': 2 WITH UNIQUE KEYS) FROM clients",
    'SELECT json_objectagg(left(email, 1): 1 WITH UNIQUE KEYS) FROM clients',
    // A text that is no JSON or XML, or does not fit.
    "SELECT json(CASE WHEN email < 'n' THEN '{' ELSE '{}' END) FROM clients WHERE id = 1",
    "SELECT json_value(CASE WHEN email < 'n' THEN '{' ELSE '{}' END, '$') FROM clients WHERE id = 1",
    "SELECT json_query(to_jsonb(email < 'n'), '$ ? (@ == true)' ERROR ON EMPTY) FROM clients WHERE id = 1",
    "SELECT json_object('a': email RETURNING varchar(34)) FROM clients",
    "SELECT x.v FROM clients c, xmltable('/a' PASSING xmlelement(name a, c.email < 'n') COLUMNS v text PATH 'b' DEFAULT (1 / (c.id - 1))::text) x WHERE c.id = 1",
    "SELECT xmlserialize(DOCUMENT xmlconcat(CASE WHEN email < 'n' THEN xmlelement(name a) END, xmlelement(name b)) AS text) FROM clients WHERE id = 1",
    "SELECT xmlelement(name a, CASE WHEN email < 'n' THEN 'infinity'::date ELSE birth END)::text FROM clients WHERE id = 1",
    "SELECT age(CASE WHEN email < 'n' THEN 'infinity'::timestamp ELSE now() END, 'infinity')::text FROM clients WHERE id = 1",
    // Lengths of arrays, types of rows, sizes of texts and sums.
    "SELECT array_agg(string_to_array(email, 'q')) FROM clients WHERE id < 3",
    "SELECT tags || '{{a,b}}' FROM clients WHERE id = 1",
    "SELECT array_position(CASE WHEN email < 'n' THEN ARRAY[['a']] ELSE ARRAY['a'] END, 'a') FROM clients WHERE id = 1",
    "SELECT r = ROW(1, 2) FROM (SELECT CASE WHEN email < 'n' THEN ROW(1, 2) ELSE ROW(1, 'x'::text) END AS r FROM clients WHERE id = 1) s",
    "SELECT sum(v) FROM (SELECT CASE WHEN email < 'n' THEN 1.7e308::float8 ELSE 0 END AS v FROM clients WHERE id = 1 UNION ALL SELECT 1.7e308) s",
    "SELECT concat(repeat('x', 1073741790), email) IS NULL FROM clients WHERE id = 1",
    'SELECT count(id) OVER (ORDER BY id ROWS BETWEEN (SELECT salary FROM clients WHERE id = 2) - 50000 PRECEDING AND CURRENT ROW) FROM clients',
    // On what a function answers, and in code that nobody reads here.
    'SELECT 1 / (ascii(address_of(1)) - 113)',
    "SELECT CASE WHEN by_code(1) < 'n' THEN 1 / (id - id) ELSE 0 END FROM teams WHERE id = 1",
    'CREATE INDEX ON clients ((1 / (ascii(email) - 113)))',
  ]),
  ...ending('oracle', 'predicate', [
    "SELECT json_arrayagg(1 / (id - 1)) FILTER (WHERE email < 'n') FROM clients WHERE id = 1",
    "SELECT json_objectagg('a': 1 / (id - 1)) FILTER (WHERE email < 'n') FROM clients WHERE id = 1",
  ]),
  ...ending('oracle', 'code', [
    "SELECT query_to_xml('SELECT 1 / (ascii(email) - 113) FROM clients', true, true, '') IS NULL",
    "DO $$ BEGIN IF (SELECT email < 'n' FROM clients WHERE id = 1) THEN RAISE division_by_zero; END IF; END $$",
    "CREATE FUNCTION asks() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING ERRCODE = (SELECT left(email, 5) FROM clients LIMIT 1); END'",
  ]),
];
