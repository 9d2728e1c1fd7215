import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { decodeUtf8 } from '../../shared/identity/base64url.ts';
import { parseStrictJson } from '../../shared/platform/strict-json.ts';
import { corpus } from '../support/corpora.ts';

const parse = (text: string, depth = 8) => parseStrictJson(text, { depth });

describe('strict JSON', () => {
  it.each<[string, string, object]>([
    ['a member given twice', '{"a":1,"a":1}', { kind: 'duplicate_member', member: 'a' }],
    ['a member given twice deep inside', '[{"b":{"a":1,"c":2,"a":3}}]', { kind: 'duplicate_member', member: 'a' }],
    ['a member given twice by an escape', '{"a":1,"\\u0061":2}', { kind: 'duplicate_member', member: 'a' }],
    ['__proto__ given twice', '{"__proto__":1,"__proto__":2}', { kind: 'duplicate_member', member: '__proto__' }],
    ['nine levels where eight are allowed', `${'['.repeat(9)}${']'.repeat(9)}`, { kind: 'too_deep', limit: 8 }],
    ['a number past all numbers', '{"a":[-1e999]}', { kind: 'number_too_large' }],
    ['a comment', '{"a":1} // b', { kind: 'syntax' }],
    ['a trailing comma', '[1,]', { kind: 'syntax' }],
    ['NaN', 'NaN', { kind: 'syntax' }],
    ['nothing', '', { kind: 'syntax' }],
    ['a byte order mark', '\uFEFF{}', { kind: 'syntax' }],
  ])('refuses %s', (_what, text, error) => {
    expect(parse(text)).toEqual({ ok: false, error });
  });

  it('takes members of one name in different objects, and eight levels', () => {
    expect(parse('[{"a":1},{"a":{"a":2}}]')).toEqual({ ok: true, value: [{ a: 1 }, { a: { a: 2 } }] });
    expect(parse(`${'['.repeat(8)}${']'.repeat(8)}`).ok).toBe(true);
  });

  it('is not brought down by a hundred thousand brackets', () => {
    expect(parse('['.repeat(100_000) + ']'.repeat(100_000))).toMatchObject({ ok: false });
    expect(parse('{"a":'.repeat(50_000))).toMatchObject({ ok: false });
  });

  it('reads what JSON.stringify writes as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof parse(text).ok).toBe('boolean');
      }),
    );
  });
});

const caseSchema = z.object({ id: z.string(), expect: z.enum(['accept', 'reject', 'either']), b64: z.base64() });
const suite = corpus('json-test-suite');

describe.skipIf(suite === undefined)('JSONTestSuite (needs the corpus json-test-suite)', () => {
  it('what must be refused is, and what must be taken is, save for duplicate members', () => {
    const lines = readFileSync(join(suite ?? '', 'cases.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const cases = lines.map((line) => caseSchema.parse(JSON.parse(line)));
    const wrong = cases.filter(({ id, expect: wanted, b64 }) => {
      const text = decodeUtf8(Buffer.from(b64, 'base64'));
      const taken = text !== undefined && parse(text, 64).ok;
      return wanted !== 'either' && taken !== (wanted === 'accept' && !id.includes('duplicated_key'));
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
    expect(cases).toHaveLength(318);
  });
});
