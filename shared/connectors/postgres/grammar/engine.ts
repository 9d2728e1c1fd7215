import createPgQueryModule from 'libpg-query/wasm/libpg-query.js';
import type { ParseResult } from 'libpg-query';

type PgQueryModule = Awaited<ReturnType<typeof createPgQueryModule>>;

/** What the C parser said to one text. `broken`: the call itself failed, and the instance with it. */
export type RawParse =
  | { readonly kind: 'tree'; readonly tree: ParseResult }
  | {
      readonly kind: 'syntax';
      readonly message: string;
      /** Characters (code points), 0-based. */ readonly position: number;
    }
  | { readonly kind: 'broken' };

let current: Promise<PgQueryModule> | undefined;

/**
 * The one WASM instance. After some 28 stack overflows inside an instance every later call on it fails for ever, so any
 * end of a call but a tree or a syntax error throws the instance away; a fresh one takes about 20 ms.
 */
function instance(): Promise<PgQueryModule> {
  current ??= createPgQueryModule();
  return current;
}

/** Loads the parser (about 40 ms), so that the first statement does not wait for it. */
export async function warmGrammar(): Promise<void> {
  await rawParse('SELECT 1');
}

/** Parses text that `guardText` has let through. Never rejects. */
export async function rawParse(text: string): Promise<RawParse> {
  try {
    return parseIn(await instance(), text);
  } catch {
    current = undefined;
    return { kind: 'broken' };
  }
}

function parseIn(pg: PgQueryModule, text: string): RawParse {
  const bytes = pg.lengthBytesUTF8(text) + 1;
  const input = pg._malloc(bytes);
  pg.stringToUTF8(text, input, bytes);
  const result = pg._wasm_parse_query_raw(input);
  const parsed = readResult(pg, result);
  // Only a call that ended well gives memory back: after a trap the instance is dropped whole.
  pg._wasm_free_parse_result(result);
  pg._free(input);
  return parsed;
}

/** struct PgQueryParseResult { char *tree; char *stderr; struct { char *message, *function, *file; int line, cursor; } *error } */
function readResult(pg: PgQueryModule, result: number): RawParse {
  const error = pg.getValue(result + 8, 'i32');
  if (error !== 0) {
    const message = pg.UTF8ToString(pg.getValue(error, 'i32'));
    return { kind: 'syntax', message, position: Math.max(0, pg.getValue(error + 16, 'i32') - 1) };
  }
  return { kind: 'tree', tree: treeOf(JSON.parse(pg.UTF8ToString(pg.getValue(result, 'i32')))) };
}

/** The JSON is libpg-query's own, of the version that @pgsql/types describes; the walker checks every tag it meets. */
function treeOf(json: unknown): ParseResult;
function treeOf(json: unknown): unknown {
  return json;
}
