import type { StatementFault } from '../../connector.ts';
import { err, ok } from '../../../platform/result.ts';
import type { Result } from '../../../platform/result.ts';

/** A statement past this is a load, not a statement; the Data API itself takes 4 MiB. */
export const MAX_BYTES = 1_048_576;

/** Up to this size no nesting was found that overflows the parser's stack on a main thread (984 KB). */
const ALWAYS_SHALLOW = 8_192;

/** Tokens that may build on each other without a comma between them. Chosen far below what overflows (some 3,000). */
const MAX_CHAIN = 1_200;

/** Words and signs of one statement, a bound of what parsing may cost (up to 100 ms): some 8,000 rows of VALUES. */
const MAX_TOKENS = 120_000;

/**
 * What must be refused before the parser sees it: C ends a text at NUL, so `SELECT 1;\0DELETE …` would be read as one
 * SELECT; a lone surrogate has no UTF-8 form, so what we read and what the database gets could differ.
 */
export function guardText(text: string): Result<string, StatementFault> {
  if (text.trim() === '') return fault('statement_empty', 'The statement is empty. Send one SQL statement.');
  if (text.length > MAX_BYTES || Buffer.byteLength(text, 'utf8') > MAX_BYTES)
    return fault(
      'statement_too_large',
      `The statement is larger than ${MAX_BYTES} bytes of UTF-8. Send less at a time.`,
    );
  const nul = text.indexOf('\0');
  if (nul >= 0)
    return fault('nul_byte', 'The statement contains a NUL byte, which PostgreSQL cannot store. Remove it.', nul);
  if (!text.isWellFormed())
    return fault(
      'invalid_unicode',
      'The statement contains half of a surrogate pair. Send well-formed Unicode.',
      loneSurrogate(text),
    );
  if (text.length > ALWAYS_SHALLOW && chainBound(text) > MAX_CHAIN) return tooDeep();
  return ok(text);
}

export function tooDeep(): Result<never, StatementFault> {
  return fault(
    'too_deep',
    'The statement is nested too deeply, or has too many parts, to be read safely. Flatten it, or split it.',
  );
}

function fault(code: StatementFault['code'], message: string, position?: number): Result<never, StatementFault> {
  return err(position === undefined ? { code, message } : { code, message, position });
}

function loneSurrogate(text: string): number {
  return text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
}

const isOpening = (token: string): boolean => token === '(' || token === '[';
const isClosing = (token: string): boolean => token === ')' || token === ']';

/**
 * An upper bound of how deep a tree the text can make, found without recursion and without trusting our own lexing:
 * words and punctuation inside literals and comments count as well, so the bound can only be too high. A list at one
 * level of brackets is as deep as its deepest element, hence the maximum over commas; everything else adds up.
 */
export function chainBound(text: string): number {
  const levels: { chain: number; inner: number; deepest: number }[] = [{ chain: 0, inner: 0, deepest: 0 }];
  let worst = 0;
  const settle = (level: { chain: number; inner: number; deepest: number }): void => {
    level.deepest = Math.max(level.deepest, level.chain + level.inner);
    level.chain = 0;
    level.inner = 0;
  };
  let tokens = 0;
  for (const [token] of text.matchAll(/[()[\],]|[\p{L}_][\p{L}\p{N}_$]*|\p{N}+|[^\s()[\],\p{L}\p{N}_]/gu)) {
    const top = levels.at(-1);
    tokens += 1;
    if (top === undefined || tokens > MAX_TOKENS) return Number.POSITIVE_INFINITY;
    if (isOpening(token)) levels.push({ chain: 1, inner: 0, deepest: 0 });
    else if (token === ',') settle(top);
    else if (isClosing(token) && levels.length > 1) {
      settle(top);
      levels.pop();
      const outer = levels.at(-1);
      if (outer !== undefined) outer.inner = Math.max(outer.inner, top.deepest + 1);
    } else top.chain += 1;
    worst = Math.max(worst, levels.length);
    if (worst > MAX_CHAIN) return worst;
  }
  for (const level of levels) {
    settle(level);
    worst = Math.max(worst, level.deepest);
  }
  return worst;
}
