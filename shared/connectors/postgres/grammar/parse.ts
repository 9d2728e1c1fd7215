import type { Node } from 'libpg-query';
import { err, ok } from '../../../platform/result.ts';
import type { Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { rawParse } from './engine.ts';
import type { RawParse } from './engine.ts';
import { guardText, tooDeep } from './guard.ts';
import { Offsets } from './offsets.ts';

/** One statement, read by PostgreSQL's own grammar. */
export interface ParsedStatement {
  readonly text: string;
  readonly statement: Node;
  readonly offsets: Offsets;
}

type Parsed = Result<ParsedStatement, StatementFault>;

/** JSON levels of a tree; an expression level is two to four of them. Keeps the walker's own recursion far from the stack's end. */
const MAX_DEPTH = 1_000;

/** Objects and lists of a tree. 24 KB of IN-list are some 30,000; past this no reading is worth its time. */
const MAX_NODES = 250_000;

const CACHED_STATEMENTS = 64;
const CACHED_LENGTH = 65_536;
const cache = new Map<string, Promise<Parsed>>();

/** Parses exactly one statement. Analysis and lineage of one request share the work. Never rejects. */
export function parseStatement(text: string): Promise<Parsed> {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  if (text.length <= CACHED_LENGTH) remember(text, parsed);
  return parsed;
}

function remember(text: string, parsed: Promise<Parsed>): void {
  const oldest = cache.keys().next();
  if (cache.size >= CACHED_STATEMENTS && oldest.done !== true) cache.delete(oldest.value);
  cache.set(text, parsed);
}

async function parse(text: string): Promise<Parsed> {
  const guarded = guardText(text);
  if (!guarded.ok) return guarded;
  return single(text, await rawParse(text));
}

function single(text: string, raw: RawParse): Parsed {
  if (raw.kind === 'broken') return tooDeep();
  if (raw.kind === 'syntax') return syntaxError(text, raw.message, raw.position);
  const offsets = new Offsets(text);
  const statements = raw.tree.stmts ?? [];
  const second = statements[1];
  if (second !== undefined) {
    const message = `Send one statement at a time: this text holds ${statements.length}.`;
    return err({ code: 'multiple_statements', message, position: offsets.unit(second.stmt_location ?? 0) });
  }
  const statement = statements[0]?.stmt;
  if (statement === undefined)
    return err({ code: 'statement_empty', message: 'The text holds no statement, only comments or semicolons.' });
  return withinBounds(statement) ? ok({ text, statement, offsets }) : tooDeep();
}

/** The parser's message quotes the text; a long quotation helps nobody. */
function syntaxError(text: string, message: string, position: number): Parsed {
  const short = message.length > 200 ? `${message.slice(0, 200)}…` : message;
  const at = unitsOf(text, position);
  return err({ code: 'syntax_error', message: `PostgreSQL cannot read this statement: ${short}`, position: at });
}

/** The parser counts characters (code points) in its errors. */
function unitsOf(text: string, points: number): number {
  let units = 0;
  for (let point = 0; point < points && units < text.length; point += 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

/** Walks without recursion, level by level, so that nothing deep or wide gets as far as code that recurses. */
export function withinBounds(root: Node): boolean {
  let level: object[] = [root];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    seen += level.length;
    if (depth > MAX_DEPTH || seen > MAX_NODES) return false;
    level = level.flatMap(children);
  }
  return true;
}

function children(value: object): object[] {
  return Object.values(value).filter((child): child is object => typeof child === 'object' && child !== null);
}
