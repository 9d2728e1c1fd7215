import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { hostileTexts } from './hostile.ts';
import { CountingMatcher } from './steps.ts';

const FOLDER = join(import.meta.dirname, '../../shared/masking');
const literals = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => patternsIn(path));

/** Every pattern that V8 runs in the masking, read off the sources: a new one is tried without being named here. */
function patternsIn(path: string): readonly (readonly [string, RegExp])[] {
  const source = ts.createSourceFile(path, readFileSync(join(FOLDER, path), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: (readonly [string, RegExp])[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, pattern = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
      found.push([`${path} ${node.text.slice(0, 80)}`, new RegExp(pattern, flags)]);
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

function stepsOf(pattern: RegExp, text: string): number {
  const matcher = new CountingMatcher(pattern);
  matcher.search(text, pattern);
  return matcher.steps < CountingMatcher.MOST ? matcher.steps : Infinity;
}

/** Ten steps a character: less is not worth a look. */
const FEW = 3_000;

/**
 * How the steps grow from 400 to 800 characters against from 200 to 400: 2 where they are linear, whatever each start
 * may look ahead at most; 4 where they are quadratic. Growth of a few steps says nothing.
 */
function growthOf(pattern: RegExp): number {
  const [one, two, four] = [200, 400, 800].map((length) => hostileTexts(pattern, length));
  return Math.max(
    ...(four ?? []).map((text, index) => {
      const [first, second] = [stepsOf(pattern, one?.[index] ?? ''), stepsOf(pattern, two?.[index] ?? '')];
      const third = stepsOf(pattern, text);
      return third === Infinity ? third : (third - second) / Math.max(second - first, FEW);
    }),
  );
}

describe('the patterns of the masking', () => {
  test('are counted as V8 matches them', () => {
    for (const [name, pattern] of literals) {
      for (const text of hostileTexts(pattern, 60)) {
        const all = new RegExp(pattern.source, pattern.flags.replace('y', '').replace('g', '') + 'g');
        const ends = [...text.matchAll(all)].map((match) => match.index + match[0].length);
        expect(new CountingMatcher(all).search(text, all), `${name} on ${JSON.stringify(text)}`).toEqual(ends);
      }
    }
  });

  test.each(literals)('%s takes twice the steps for twice the text', (_name, pattern) => {
    expect(growthOf(pattern)).toBeLessThan(2.8);
  });

  test('would not pass if one were not linear', () => {
    for (const pattern of [/x[a-z]+[a-z]+=/g, /[0-9]+$/g]) expect(growthOf(pattern), pattern.source).toBeGreaterThan(3);
  });
});

describe('a text of 1 MiB is looked through whole, and what stands at its end is found', () => {
  const MIB = 1_048_576;
  const scanner = createScanner({ on: ['pii.ip'], off: [] });
  test.each<[string, readonly string[]]>([
    ['digits alone, one by one, as of cards', ['1', '1 ', '4111 1111 ']],
    ['signs of addresses, hosts and names', ['@', 'a@', 'a://b:', '1.1.1.', ':']],
    ['beginnings of accounts and numbers of persons', ['DE89 ', '460-89-', 'ab12']],
    ['beginnings of tokens, keys and secrets', ['eyJ.', '-----BEGIN PRIVATE KEY ', 'password=']],
    ['words of base64 and hex', ['aGVsbG8gd29ybGQ ', '68656c6c6f20']],
    ['escapes of escapes, and brackets', ['\\u0040', '&#64;', '%2525', '[{']],
    [
      'beginnings of packed texts, and of marks',
      ['H4sIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ', '<b>', '=41=42', '41 42 '],
    ],
  ])('%s', (_what, pieces) => {
    const each = Math.floor(MIB / pieces.length);
    const filler = pieces.map((piece) => piece.repeat(Math.ceil(each / piece.length)).slice(0, each)).join('\n\n\n');
    expect(scanner.text(`${filler}\n\n\nada@example.com`).value).toMatch(/\[masked:[a-z._]+\]$/);
  });
});
