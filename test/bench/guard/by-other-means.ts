import { parse, type Statement } from 'pgsql-ast-parser';
import { table } from '../numbers.ts';
import type { Measured } from './measure.ts';

type Reads = (sql: string) => boolean;

/** What a statement may begin with, where words decide: the list that open database servers for agents have in common. */
const FIRST_WORDS = /^(select|with|explain|show)\b/;
const WRITING_WORDS = /\b(insert|update|delete|drop|alter|create|truncate|merge|grant|revoke|rename)\b/;
const TEXTS_AND_COMMENTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** Without texts and comments: the first word is on the list, and one statement, and no word of it writes. */
const byWords: Reads = (sql) => {
  const bare = sql.replaceAll(TEXTS_AND_COMMENTS, ' ').trim().toLowerCase();
  return FIRST_WORDS.test(bare) && !/;\s*\S/.test(bare) && !WRITING_WORDS.test(bare) && !/\binto\b/.test(bare);
};

const READING: ReadonlySet<Statement['type']> = new Set(['select', 'union', 'union all', 'values', 'show']);

/** The tree of a parser for JavaScript: one statement, and nothing in it but queries. What it cannot parse is refused. */
const byParser: Reads = (sql) => {
  try {
    const [statement, ...more] = parse(sql);
    return statement !== undefined && more.length === 0 && isQuery(statement);
  } catch {
    return false;
  }
};

function isQuery(statement: Statement): boolean {
  if (statement.type !== 'with') return READING.has(statement.type);
  return [...statement.bind.map(({ statement: bound }) => bound), statement.in].every(isQuery);
}

/** What is a read in truth, as its label says or PostgreSQL acted; nothing where neither could say. */
function isRead({ called, outcome, case: { truth } }: Measured): boolean | undefined {
  // What is no statement at all, or was never labelled, harms nobody by passing.
  if (called === 'fault' || (truth === 'unknown' && called !== 'read')) return undefined;
  if (outcome === 'right') return called === 'read';
  return outcome === 'alarm' ? true : outcome === 'missed' ? false : undefined;
}

/** The same statements, told apart by other means that can be had as a package or a list. */
export function byOtherMeans(measured: readonly Measured[]): string {
  const known = measured.filter((one) => isRead(one) !== undefined);
  const [reads, others] = [known.filter((one) => isRead(one) === true), known.filter((one) => isRead(one) === false)];
  const line = (name: string, saysRead: (one: Measured) => boolean): string[] => [
    name,
    `${others.filter(saysRead).length} of ${others.length}`,
    `${reads.filter((one) => !saysRead(one)).length} of ${reads.length}`,
  ];
  return table(
    ['told apart by', 'no reads, and let through as reads', 'reads, and refused'],
    [
      line('a list of words (first word, words that write)', ({ case: { sql } }) => byWords(sql)),
      line('the tree of pgsql-ast-parser 12.0.2', ({ case: { sql } }) => byParser(sql)),
      line('Countersign', ({ called }) => called === 'read'),
    ],
  );
}
