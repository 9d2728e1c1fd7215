import type { Names } from './names.ts';
import { pick, type Random } from './names.ts';
import { ACTING_VALUES, OTHERS, PLACES } from './cases-others.ts';
import { READS } from './cases-reads.ts';

/**
 * `read`: must run and come out as reads only. `not`: must not. `measured`: the database says which it is, where it runs
 * it at all. `unknown`: calls functions that need a permit, so only "read" could be wrong.
 */
export type Truth = 'read' | 'not' | 'measured' | 'unknown';

export interface Case {
  readonly class: string;
  readonly sql: string;
  readonly truth: Truth;
}

/** Our own cases over the trap schema, by class. `share` of the value × place table, for a short run. */
export function ownCases(names: Names, random: Random, share: number): Case[] {
  const cases: Case[] = [];
  const add = (group: string, truth: Truth, templates: readonly string[]): void => {
    for (const template of templates) cases.push({ class: group, truth, sql: names.fill(template) });
  };
  for (const [group, templates] of Object.entries(READS)) add(group, 'read', templates);
  for (const [group, templates] of Object.entries(OTHERS)) add(group, 'not', templates);
  for (const value of ACTING_VALUES)
    for (const place of PLACES)
      if (random() < share) add('acting value in any place', 'not', [place.replaceAll('?', () => value)]);
  for (let count = 0; count < 300 * share; count += 1) add('acting value, nested', 'not', [nested(random)]);
  for (let count = 0; count < 300 * share; count += 1) add('read: composed', 'read', [composed(random)]);
  const originals = cases.map(({ sql }) => sql);
  const reads = cases.filter(({ truth }) => truth === 'read').map(({ sql }) => sql);
  for (let count = 0; count < 2_000 * share; count += 1)
    cases.push({
      class: 'mutated',
      truth: 'unknown',
      sql: mutated(pick(random, [reads, reads, originals]), originals, random),
    });
  return cases;
}

const WRAPPERS: readonly ((inner: string) => string)[] = [
  (inner) => `SELECT * FROM (${inner}) s`,
  (inner) => `SELECT 1 WHERE EXISTS (${inner})`,
  (inner) => `WITH w AS (${inner}) SELECT count(*) FROM w`,
  (inner) => `SELECT ARRAY(SELECT x::text FROM (${inner}) x)`,
  (inner) => `(${inner}) UNION ALL (${inner})`,
  (inner) => `SELECT * FROM {plain} p LEFT JOIN LATERAL (${inner}) l ON true`,
  (inner) => `SELECT coalesce((SELECT count(*) FROM (${inner}) c), 0)`,
  (inner) => `SELECT CASE WHEN EXISTS (${inner}) THEN 1 END`,
];

function nested(random: Random): string {
  let sql = pick(
    random,
    PLACES.filter((place) => !place.startsWith('EXPLAIN')),
  ).replaceAll('?', () => pick(random, ACTING_VALUES));
  for (let depth = 1 + Math.floor(random() * 4); depth > 0; depth -= 1) sql = pick(random, WRAPPERS)(sql);
  return sql;
}

/** A case with words swapped, dropped, doubled or taken from another: mostly rubbish, now and then something new. */
export function mutated(from: readonly string[], donors: readonly string[], random: Random): string {
  const words = wordsOf(pick(random, from));
  const others = wordsOf(pick(random, donors));
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes -= 1) {
    const at = Math.floor(random() * words.length);
    const word = words[at] ?? '';
    const change = Math.floor(random() * 4);
    if (change === 0) words.splice(at, 1);
    else if (change === 1) words.splice(at, 0, word);
    else if (change === 2) words.splice(at, 1, pick(random, others));
    else words.splice(Math.floor(random() * words.length), 0, pick(random, others));
  }
  return words.join(' ');
}

/** Quoted things and operators stay whole. */
function wordsOf(sql: string): string[] {
  return sql.match(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}\p{N}_$]+|[(),;.]|[^\s\p{L}\p{N}_$(),;.'"]+|['"]/gu) ?? [sql];
}

const PURE_VALUES: readonly string[] = [
  `{#}`,
  `(SELECT max(a) FROM {plain})`,
  `length({$})`,
  `(SELECT count(*)::int FROM {orders} WHERE total > {#})`,
  `abs(-{#})`,
  `(CASE WHEN {#} > 5 THEN 1 ELSE 2 END)`,
  `(ARRAY[1, 2, 3])[2]`,
  `(SELECT id FROM {people} LIMIT 1)`,
  `extract(day FROM now())::int`,
];

/** The same places with values that only read. */
function composed(random: Random): string {
  const place = pick(
    random,
    PLACES.filter((candidate) => !candidate.includes('TABLESAMPLE')),
  );
  let sql = place.replaceAll('?', () => pick(random, PURE_VALUES));
  const levels = place.startsWith('EXPLAIN') ? 0 : Math.floor(random() * 3);
  for (let depth = 0; depth < levels; depth += 1) sql = pick(random, WRAPPERS)(sql);
  return sql;
}
