import type { Case } from './cases.ts';

/** Numbers that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;
function oneOf<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new TypeError('nothing to choose from');
  return found;
}

/** Tables with a key `id` and a classified text. */
const SOURCES = [
  ['clients', 'email'],
  ['clients', 'phone'],
  ['clients', 'handle'],
  ['clients', 'ssn::text'],
  ['clients', 'salary::text'],
  ['clients', 'profile::text'],
  ['contacts', 'address'],
  ['tokens', 'token'],
  ['events', 'payload'],
  ['staff', 'label'],
  ['kept', 'line'],
] as const;

/** Text of text. */
const SCALARS = [
  (x: string) => x,
  (x: string) => `upper(${x})`,
  (x: string) => `left(${x}, 5)`,
  (x: string) => `reverse(${x})`,
  (x: string) => `md5(${x})`,
  (x: string) => `(${x} || '!')`,
  (x: string) => `coalesce(${x}, 'none')`,
  (x: string) => `(CASE WHEN ${x} > 'm' THEN 'late' ELSE ${x} END)`,
  (x: string) => `nullif(${x}, 'x')`,
  (x: string) => `length(${x})::text`,
  (x: string) => `ascii(${x})::text`,
  (x: string) => `substr(${x}, 2, 6)`,
  (x: string) => `translate(${x}, 'abcdefghijklm', 'nopqrstuvwxyz')`,
  (x: string) => `regexp_replace(${x}, '(.)', '\\1.', 'g')`,
  (x: string) => `(string_to_array(${x}, NULL))::text`,
  (x: string) => `encode(convert_to(${x}, 'UTF8'), 'hex')`,
  (x: string) => `to_json(${x})::text`,
  (x: string) => `(jsonb_build_object('k', ${x})->>'k')`,
  (x: string) => `(ARRAY[${x}])[1]`,
  (x: string) => `(ROW(${x}))::text`,
  (x: string) => `format('%s', ${x})`,
  (x: string) => `greatest(${x}, 'a')`,
  (x: string) => `(SELECT max(q) FROM (VALUES (${x})) v(q))`,
  (x: string) => `(${x} > 'n')::text`,
  (x: string) => `split_part(${x}, '@', 1)`,
  (x: string) => `(xmlelement(name e, ${x}))::text`,
] as const;

/** A query with columns `i` (a key) and `v` (text) of another such query. */
const QUERIES = [
  (q: string) => `SELECT i, v FROM (${q}) a`,
  (q: string) => `SELECT a.* FROM (${q}) a`,
  (q: string) => `SELECT b.x AS i, b.y AS v FROM (${q}) b(x, y)`,
  (q: string) => `WITH w AS (${q}) SELECT i, v FROM w`,
  (q: string) => `WITH w(p, q) AS MATERIALIZED (${q}) SELECT p AS i, q AS v FROM w`,
  (q: string) => `SELECT t.id AS i, l.v FROM visits t, LATERAL (SELECT v FROM (${q}) z WHERE z.i = t.id LIMIT 1) l`,
  (q: string) => `SELECT i, (SELECT v FROM (${q}) z WHERE z.i = o.i LIMIT 1) AS v FROM (SELECT id AS i FROM teams) o`,
  (q: string) => `SELECT i, v FROM (${q}) a UNION ALL SELECT id, name FROM teams`,
  (q: string) => `SELECT id AS i, name AS v FROM teams UNION ALL (${q})`,
  (q: string) => `SELECT j.i, j.v FROM ((${q}) a JOIN teams t ON t.id = a.i) AS j(i, v, k, n, c)`,
  (q: string) => `SELECT i, max(v) AS v FROM (${q}) a GROUP BY i`,
  (q: string) => `SELECT min(i) AS i, string_agg(v, ',' ORDER BY i) AS v FROM (${q}) a`,
  (q: string) => `SELECT i, lag(v) OVER (ORDER BY i) AS v FROM (${q}) a`,
  (q: string) => `SELECT i, first_value(v) OVER w AS v FROM (${q}) a WINDOW w AS (PARTITION BY i)`,
  (q: string) => `SELECT i, (a).v FROM (${q}) a`,
  (q: string) => `SELECT i, to_jsonb(a)->>'v' AS v FROM (${q}) a`,
  (q: string) => `SELECT (e->>'i')::int AS i, e->>'v' AS v FROM (SELECT to_jsonb(a) AS e FROM (${q}) a) b`,
  (q: string) => `SELECT DISTINCT ON (i) i, v FROM (${q}) a ORDER BY i`,
  (q: string) => `SELECT i, u.s AS v FROM (${q}) a CROSS JOIN LATERAL (VALUES (a.v)) u(s)`,
  (q: string) => `SELECT * FROM (${q}) a WHERE i IN (SELECT id FROM teams)`,
  (q: string) => `SELECT r.i, r.v FROM jsonb_to_recordset((SELECT jsonb_agg(a) FROM (${q}) a)) AS r(i int, v text)`,
  (q: string) =>
    `WITH RECURSIVE r(i, v, n) AS (SELECT i, v, 1 FROM (${q}) a UNION ALL SELECT i, v, n + 1 FROM r WHERE n < 2) SELECT i, v FROM r`,
] as const;

/** What is done with it at last: shown, or asked about without being shown. */
const SHOWN = [
  (q: string) => `SELECT v FROM (${q}) f`,
  (q: string) => `SELECT f FROM (${q}) f`,
  (q: string) => `SELECT json_agg(f) FROM (${q}) f`,
  (q: string) => `SELECT array_agg(v) FROM (${q}) f`,
  (q: string) => `SELECT count(v), max(v) FROM (${q}) f`,
  (q: string) => `SELECT v IS NULL, v = 'x' FROM (${q}) f`,
  (q: string) => `SELECT v::int FROM (${q}) f`,
] as const;
const ASKED = [
  (q: string) => `SELECT i FROM (${q}) f WHERE v > 'm'`,
  (q: string) => `SELECT i FROM (${q}) f ORDER BY v, i`,
  (q: string) => `SELECT count(*) FROM (${q}) f GROUP BY v`,
  (q: string) => `SELECT DISTINCT left(v, 1) FROM (${q}) f`,
  (q: string) => `SELECT t.id FROM teams t JOIN (${q}) f ON f.i = t.id AND f.v < 'n'`,
  (q: string) => `SELECT 1 FROM (${q}) f, generate_series(1, length(f.v))`,
  (q: string) => `SELECT v FROM (${q}) f EXCEPT SELECT name FROM teams`,
  (q: string) => `SELECT i, row_number() OVER (ORDER BY v) FROM (${q}) f`,
  (q: string) => `SELECT 1 / (length(v) - 14) FROM (${q}) f`,
  (q: string) => `SELECT name FROM teams t WHERE EXISTS (SELECT 1 FROM (${q}) f WHERE f.i = t.id AND f.v < 'n')`,
  (q: string) => `SELECT id FROM teams LIMIT (SELECT length(max(v)) % 3 FROM (${q}) f)`,
] as const;

/** Composes shapes: a classified column inside some functions, some queries and one use, three to five deep. */
export function composed(seed: number, count: number): readonly Case[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (): Case => {
    const [table, column] = oneOf(random, SOURCES);
    const scalar = oneOf(random, SCALARS);
    const outer = oneOf(random, SCALARS);
    const depth = 1 + Math.floor(random() * 3);
    let query = `SELECT id AS i, ${scalar(column)} AS v FROM ${table}`;
    for (let level = 0; level < depth; level += 1) query = oneOf(random, QUERIES)(query);
    if (random() < 0.5) query = `SELECT i, ${outer('v')} AS v FROM (${query}) s`;
    return random() < 0.6
      ? { class: 'derived', sql: oneOf(random, SHOWN)(query) }
      : { class: 'oracle', sql: oneOf(random, ASKED)(query) };
  });
}
