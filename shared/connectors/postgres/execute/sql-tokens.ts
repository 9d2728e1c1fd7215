import type { ScanResult } from 'libpg-query';
import createPgQueryModule from 'libpg-query/wasm/libpg-query.js';
import { err, ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';

/** An instance of its own: the scanner does not recurse, so no statement breaks it, and it need not be replaced. */
const pg = await createPgQueryModule();

/** A token of PostgreSQL's own scanner. Offsets are UTF-16 code units into the statement; the end is exclusive. */
export interface SqlToken {
  readonly kind: 'parameter' | 'colon' | 'word' | 'operator' | 'other';
  readonly start: number;
  readonly end: number;
}

/** Token numbers of PostgreSQL 18's grammar (`gram.y`); a character that stands for itself has its own code. */
const COLON = ':'.charCodeAt(0);
const IDENT = 258;
const OP = 265;
const PARAM = 267;

/**
 * Cuts a statement into tokens with PostgreSQL's scanner: what it calls a literal, a comment or a dollar quote is one.
 * Text that PostgreSQL would not take as it stands is refused first: the scanner stops at a NUL and would not say so.
 */
export function scanTokens(text: string): Result<readonly SqlToken[], StatementFault> {
  const nul = text.indexOf('\0');
  if (nul !== -1)
    return err({ code: 'nul_byte', message: 'statement: contains a NUL character; remove it', position: nul });
  if (!text.isWellFormed()) {
    return err({
      code: 'invalid_unicode',
      message: 'statement: contains half of a surrogate pair; send valid Unicode',
    });
  }
  try {
    const scanned = scan(text);
    // What is no JSON is what the scanner says against the text: of a literal that does not end, for example.
    if (!scanned.startsWith('{')) return err({ code: 'syntax_error', message: `statement: ${scanned}` });
    const utf16 = utf16Offsets(text);
    const { tokens } = resultOf(JSON.parse(scanned));
    return ok(tokens.map((token) => ({ kind: kindOf(token), start: utf16(token.start), end: utf16(token.end) })));
  } catch (error) {
    return err({
      code: 'syntax_error',
      message: `statement: ${error instanceof Error ? error.message : 'not readable'}`,
    });
  }
}

function scan(text: string): string {
  const bytes = pg.lengthBytesUTF8(text) + 1;
  const input = pg._malloc(bytes);
  pg.stringToUTF8(text, input, bytes);
  const result = pg._wasm_scan(input);
  const said = pg.UTF8ToString(result);
  pg._wasm_free_string(result);
  pg._free(input);
  return said;
}

/** The JSON is libpg-query's own, of the version that its types describe. */
function resultOf(json: unknown): ScanResult;
function resultOf(json: unknown): unknown {
  return json;
}

function kindOf(token: { readonly tokenType: number; readonly keywordKind: number }): SqlToken['kind'] {
  if (token.tokenType === PARAM) return 'parameter';
  if (token.tokenType === COLON) return 'colon';
  if (token.tokenType === OP) return 'operator';
  // A keyword may name a parameter, too: `:limit`.
  return token.tokenType === IDENT || token.keywordKind !== 0 ? 'word' : 'other';
}

/** The scanner counts UTF-8 bytes. Tokens come in order, so one pass over the text serves them all. */
function utf16Offsets(text: string): (byte: number) => number {
  let bytes = 0;
  let units = 0;
  return (target) => {
    while (bytes < target) {
      const point = text.codePointAt(units) ?? 0;
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      units += point < 0x10000 ? 1 : 2;
    }
    return units;
  };
}
