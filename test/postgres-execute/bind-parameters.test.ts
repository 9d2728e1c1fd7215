import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toPositional } from '../../infra/local/services/rds-data/named-parameters.ts';
import { createDataApi } from '../../shared/aws/data-api/index.ts';
import { bindParameters } from '../../shared/connectors/postgres/execute/bind-parameters.ts';
import { scanTokens } from '../../shared/connectors/postgres/execute/sql-tokens.ts';
import type { Parameters } from '../../shared/domain/statement.ts';
import { ordersConnection, startOrdersDatabase, type OrdersDatabase } from '../support/orders-database.ts';

const bind = (text: string, parameters?: Parameters) =>
  bindParameters(parameters === undefined ? { text } : { text, parameters });

describe('bindParameters', () => {
  test.each([
    ['SELECT $1, $2::uuid, $1', [1, 'x'], 'SELECT :p1, :p2::uuid, :p1', 'SELECT $1, $2::uuid, $1'],
    ['SELECT :limit, :a::int', { a: 1, limit: 'x' }, 'SELECT :p2, :p1::int', 'SELECT $2    , $1::int'],
    ["SELECT '10:30', $1", ['x'], "SELECT '10:30', :p1", "SELECT '10:30', $1"],
    ['SELECT "é😀", :name', { name: 1 }, 'SELECT "é😀", :p1', 'SELECT "é😀", $1   '],
    ['SELECT f(a := $1)', [true], 'SELECT f(a := :p1)', 'SELECT f(a := $1)'],
    ['SELECT ($1)', [null], 'SELECT (:p1)', 'SELECT ($1)'],
  ])('%s is spelt for the grammar and for the Data API', (text, parameters, sql, grammar) => {
    const bound = bind(text, parameters);
    expect(bound).toMatchObject({ ok: true, value: { sql, grammar } });
    expect(grammar).toHaveLength(text.length);
  });

  test('without parameters the text goes as it is, and no list with it', () => {
    for (const text of ["SELECT ':x' -- :y", 'SELECT a[1:n] FROM t', 'SELECT 1 ?| 2', 'not even SQL \u2028']) {
      for (const none of [undefined, [], {}]) {
        expect(bind(text, none)).toEqual({ ok: true, value: { sql: text, grammar: text, parameters: [] } });
      }
    }
  });

  test.each<[string, Parameters | undefined]>([
    // A value that is missing, not used, or not exact.
    ['SELECT $1', undefined],
    ['SELECT $2', [1]],
    ['SELECT $0', [1]],
    ['SELECT $1', [1, 2]],
    ['SELECT :a', { b: 1 }],
    ['SELECT $1', [2 ** 53]],
    ['SELECT $1', [1e300]],
    ['SELECT $1', [Number.NaN]],
    ['SELECT $1', ['a\0b']],
    ['SELECT $1', ['\ud800']],
    ['SELECT :é', { é: 1 }],
    ['SELECT $1', Array.from({ length: 1_001 }, () => 1)],
    // Two kinds at once.
    ['SELECT $1, :a', [1]],
    ['SELECT :a, $1', { a: 1 }],
    // What another reader could take for a parameter, or no longer for one.
    ["SELECT ':x', $1", [1]],
    ['SELECT $$ :x $$, $1', [1]],
    ['SELECT $q$:x$q$, $1', [1]],
    ["SELECT E'\\':x', $1", [1]],
    ["SELECT U&'\\0041:x', $1", [1]],
    ['SELECT ":x", $1', [1]],
    ['SELECT $1 -- :x', [1]],
    ['SELECT $1 /* /* :x */ */', [1]],
    ['SELECT a[1:2], $1', [1]],
    ['SELECT a[1:$1]', [1]],
    ['SELECT a[:n]', { n: 1 }],
    ['SELECT a ? $1', ['x']],
    ['SELECT x::p1, $1', [1]],
    ['SELECT 1 AS a LIMIT:n', { n: 1 }],
    ['SELECT $1abc', [1]],
    ['SELECT :a:b', { a: 1, b: 2 }],
    ['SELECT :"a"', { a: 1 }],
    // What another reader would end elsewhere, and so be inside or outside of a literal when we are not.
    ["SELECT E'\\'', $1", [1]],
    ["SELECT '\\', $1", [1]],
    ["SELECT $$ ' $$, $1", [1]],
    ['SELECT $q$ -- $q$, $1', [1]],
    ["SELECT '--', $1", [1]],
    ["SELECT '/*', $1", [1]],
    ["SELECT ' $$ ', $1", [1]],
    [`SELECT "it's", $1`, [1]],
    ["SELECT $1 -- don't\n", [1]],
    ['SELECT $1 /* /* */ */', [1]],
    ["SELECT $1 /* don't */", [1]],
    ['SELECT $1 -- x\r, 2', [1]],
    ['SELECT : a', { a: 1 }],
    [`SELECT $1, '${'x'.repeat(65_536)}'`, [1]],
    ['SELECT :a$b', { a: 1 }],
  ])('%j with %j is refused as parameters_invalid', (text, parameters) => {
    expect(bind(text, parameters)).toMatchObject({ ok: false, error: { code: 'parameters_invalid' } });
  });

  test('a text that PostgreSQL would not see whole is refused before it is read', () => {
    expect(bind('SELECT $1\0; DROP TABLE t', [1])).toMatchObject({
      ok: false,
      error: { code: 'nul_byte', position: 9 },
    });
    expect(bind('SELECT $1 \ud800', [1])).toMatchObject({ ok: false, error: { code: 'invalid_unicode' } });
    expect(bind("SELECT $1 'open", [1])).toMatchObject({ ok: false, error: { code: 'syntax_error' } });
  });

  test('a comment, an escape or a doubled quote that nobody reads otherwise may stand beside parameters', () => {
    for (const text of [
      'SELECT $1 -- by day',
      'SELECT $1 /* a note */',
      "SELECT E'a\\n', 'it''s', $1",
      'SELECT $$x$$, $1',
    ])
      expect(bind(text, [1])).toMatchObject({ ok: true });
  });

  const piece = fc.oneof(
    fc.constantFrom(
      '$1',
      '$2',
      ':a',
      ':b',
      '::',
      ':',
      "'",
      "''",
      '"',
      '--',
      '/*',
      '*/',
      '\n',
      '\r',
      '$$',
      '$a$',
      "E'",
      "\\'",
      '\\',
      '[',
      ']',
      '(',
      ')',
      ' ',
      ',',
      '?',
      'x',
      'int',
      '1',
      'é',
      '😀',
      "'10:30'",
      ':p1',
      ':=',
      "U&'",
      '`',
      ';',
      '.5',
      '@',
      '-',
    ),
    fc.string({ maxLength: 3, unit: 'binary' }),
  );
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
  const parameters = fc.constantFrom<Parameters>([1, 'x'], ['x'], { a: 1, b: 'x' }, { a: 'x' });

  test('any text gives a value, and never throws', () => {
    fc.assert(
      fc.property(text, parameters, (sql, given) => {
        expect(typeof bind(`SELECT ${sql}`, given).ok).toBe('boolean');
      }),
      { numRuns: 3_000 },
    );
  });

  test('what is bound has the same parameters for PostgreSQL, for a second lexer and for a naive reader', () => {
    fc.assert(
      fc.property(text, parameters, (sql, given) => {
        const bound = bind(`SELECT $1 , ${sql}`, Array.isArray(given) ? given : [1]);
        if (!bound.ok) return;
        const { sql: sent, grammar, parameters: values } = bound.value;
        const ours = [...sent.matchAll(/:(p[0-9]+)/g)].map((match) => match[1]);
        const tokens = scanTokens(grammar);
        const places = tokens.ok ? tokens.value.filter((token) => token.kind === 'parameter') : [];
        expect(places.map((place) => grammar.slice(place.start, place.end).replace('$', 'p'))).toEqual(ours);
        const second = toPositional(sent);
        expect(new Set(second.names)).toEqual(new Set(values.map((value) => value.name)));
        expect(second.text).toBe(
          sent.replaceAll(/:(p[0-9]+)/g, (_, name: string) => `$${String(second.names.indexOf(name) + 1)}`),
        );
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('against PostgreSQL', () => {
  let orders: OrdersDatabase;
  beforeAll(async () => {
    orders = await startOrdersDatabase();
  });
  afterAll(() => orders.close());

  const through = async (sql: string, given: Parameters): Promise<unknown> => {
    const bound = bind(sql, given);
    if (!bound.ok) return bound;
    const outcome = await createDataApi(orders.client).run({
      connection: ordersConnection,
      access: 'read',
      ...bound.value,
      maxRows: 10,
      timeoutSeconds: 10,
    });
    return outcome.kind === 'done' ? outcome.result.rows : outcome;
  };

  const storable = fc.string({ maxLength: 40, unit: 'binary' }).filter((value) => !value.includes('\0'));

  test('a string arrives unchanged, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(storable, fc.constantFrom(":p1', $1 --", "\\'; SELECT 1", '{a,b}', 'NULL')),
        async (value) => {
          expect(await through('SELECT $1::text', [value])).toEqual([[value]]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a number arrives with the digits that JSON has', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noInteger: true, noDefaultInfinity: true })),
        async (value) => {
          expect(await through('SELECT $1::float8 = $2::float8', [value, String(value)])).toEqual([[true]]);
        },
      ),
      { numRuns: 60 },
    );
    expect(await through('SELECT $1 + $2 = 0.3', [0.1, 0.2])).toEqual([[true]]);
    expect(
      await through('SELECT pg_typeof($1)::text, pg_typeof($2)::text, $3::text IS NULL, $4', [1, 0.5, null, true]),
    ).toEqual([['bigint', 'numeric', true, true]]);
  });

  test('a statement with literals of every kind means over the Data API what it means to PostgreSQL', async () => {
    const literal = fc.constantFrom(
      "'10:30'",
      "'it''s'",
      "E'\\n1:2'",
      '$$a b$$',
      '$x$ $1 $x$',
      "U&'\\0041'",
      "'é😀'",
      "'a/b*c'",
      "'2026-01-05'",
      "'C:\\dir'",
      "'$1'",
      '$$:1$$',
    );
    const root = await orders.cluster.connectAsRoot('orders');
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(literal, fc.constantFrom('$1::text', '$2::text', '$1::text /* $2 */')), {
            minLength: 1,
            maxLength: 6,
          }),
          async (parts) => {
            const sql = `SELECT ${parts.join(', ')}, $1::text, $2::text`;
            const direct = await root.query<string[]>({ text: sql, values: ['one', "t'wo"], rowMode: 'array' });
            expect(await through(sql, ['one', "t'wo"])).toEqual(direct.rows);
          },
        ),
        { numRuns: 60 },
      );
    } finally {
      await root.end();
    }
  });
});
