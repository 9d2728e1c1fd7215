import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { checkRequestSchema, executeRequestSchema, idempotencyKeySchema } from '../../shared/contracts/api/execute.ts';
import { sessionQuerySchema, sessionsQuerySchema } from '../../shared/contracts/api/sessions-query.ts';
import { cancelRequestSchema, voteRequestSchema } from '../../shared/contracts/api/vote.ts';
import { jsonSchema } from '../../shared/contracts/json.ts';
import { isJson } from '../../shared/gateway/http/edge.ts';
import { check, readRequest } from '../../shared/gateway/intake/read-request.ts';
import { corpus } from '../support/corpora.ts';

const limits = { requestBytes: 1_048_576, requestDepth: 32 };
const read = (body: string | Uint8Array, schema: z.ZodType = executeRequestSchema) =>
  readRequest(typeof body === 'string' ? Buffer.from(body) : body, schema, limits);
const good = { connection: 'orders', statement: 'SELECT 1' };
const refusalOf = (body: string | Uint8Array) => {
  const request = read(body);
  return request.ok ? undefined : request.error;
};
const withMember = (member: object) => JSON.stringify({ ...good, ...member });

describe('a request', () => {
  test('is taken as it is meant', () => {
    const full = {
      ...good,
      parameters: [1, null, 'x', true],
      reason: 'r',
      context: { prompt: 'p', other: [1] },
      wait: 5,
      body: { a: 1 },
    };
    expect(read(JSON.stringify(full))).toEqual({ ok: true, value: full });
  });

  test.each<[string, string, string, string]>([
    ['an unknown member', withMember({ conection: 'x' }), 'conection', 'not a member'],
    ['a member that is misspelt', '{"connection": "orders", "statment": "x"}', 'statment', 'not a member'],
    ['a member that is missing', '{"connection": "orders"}', 'statement', 'is missing'],
    [
      'an unknown member that looks special',
      '{"connection":"a","statement":"b","__proto__":{}}',
      '__proto__',
      'not a member',
    ],
    [
      'an unknown member of that name too',
      '{"connection":"a","statement":"b","constructor":1}',
      'constructor',
      'not a member',
    ],
    ['a member given twice', '{"connection":"a","statement":"b","statement":"c"}', 'statement', 'twice'],
    [
      'a member given twice by an escape',
      '{"connection":"a","statement":"b","stat\\u0065ment":"c"}',
      'statement',
      'twice',
    ],
    [
      'a member given twice deep inside',
      '{"connection":"a","statement":"b","context":{"x":{"y":1,"y":1}}}',
      'y',
      'twice',
    ],
    ['no statement', '{"connection":"a"}', 'statement', ''],
    ['an empty statement', withMember({ statement: '' }), 'statement', ''],
    ['a statement that is a number', withMember({ statement: 1 }), 'statement', ''],
    ['a statement in a list', withMember({ statement: ['SELECT 1'] }), 'statement', ''],
    ['a connection of null', withMember({ connection: null }), 'connection', ''],
    ['a wait past its limit', withMember({ wait: 26 }), 'wait', ''],
    ['a wait of half a second', withMember({ wait: 0.5 }), 'wait', ''],
    ['a parameter that is a list', withMember({ parameters: [[1]] }), 'parameters', ''],
    ['parameters by names that are none', withMember({ parameters: { 'a b': 1 } }), 'parameters', ''],
    ['1,001 parameters', withMember({ parameters: Array.from({ length: 1_001 }, () => 1) }), 'parameters', ''],
    ['a reason that is too long', withMember({ reason: 'x'.repeat(2_001) }), 'reason', ''],
    ['half of a surrogate pair', '{"connection":"a","statement":"SELECT \\ud800"}', 'statement', 'surrogate'],
    [
      'half of one deep inside',
      '{"connection":"a","statement":"b","context":{"x":["\\udc00"]}}',
      'context.x.0',
      'surrogate',
    ],
    ['half of one in a name', '{"connection":"a","statement":"b","context":{"\\udc00":1}}', 'context', 'surrogate'],
    [
      'a member called __proto__, which would not go on record',
      '{"connection":"a","statement":"b","context":{"x":[{"__proto__":{"y":1}}]}}',
      'context.x.0.__proto__',
      'readers of JSON lose',
    ],
    ['a number past all numbers', '{"connection":"a","statement":"b","parameters":[1e999]}', 'body', 'number'],
    [
      '33 levels',
      `{"connection":"a","statement":"b","context":{"x":${'['.repeat(32)}${']'.repeat(32)}}}`,
      'body',
      '32 levels',
    ],
    ['a million levels', '['.repeat(1_000_000), 'body', 'JSON'],
    ['half a million levels that close', '['.repeat(500_000) + ']'.repeat(500_000), 'body', '32 levels'],
    ['nothing', '', 'body', 'JSON'],
    ['two values', `${withMember({})}{}`, 'body', 'JSON'],
    ['a byte order mark', `\uFEFF${withMember({})}`, 'body', 'JSON'],
    ['a list', '[]', 'body', ''],
    ['null', 'null', 'body', ''],
    ['a comment', `/* */${withMember({})}`, 'body', 'JSON'],
  ])('with %s is refused by name', (_what, body, member, detail) => {
    const refusal = refusalOf(body);
    expect(refusal).toMatchObject({ code: 'invalid_request', member });
    expect(JSON.stringify(refusal)).toContain(detail);
  });

  test.each<[string, Uint8Array]>([
    ['UTF-16', Buffer.from(withMember({}), 'utf16le')],
    ['Latin-1', Buffer.from('{"connection":"ä"}', 'latin1')],
    ['an overlong NUL', Buffer.from([0x22, 0xc0, 0x80, 0x22])],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a character cut in half', Buffer.from([0x22, 0xf0, 0x9f, 0x98])],
  ])('in %s is refused', (_what, bytes) => {
    expect(refusalOf(bytes)).toMatchObject({ code: 'invalid_request', member: 'body' });
  });

  test('of 2 MiB is refused by its size, before anything reads it', () => {
    expect(refusalOf(new Uint8Array(2 ** 21))).toEqual({ code: 'request_too_large', limitBytes: limits.requestBytes });
    expect(refusalOf(withMember({ statement: 'x'.repeat(1_000_000) }))).toBeUndefined();
  });

  test('carries a NUL to whoever judges statements, which is not the place to drop it', () => {
    expect(read('{"connection":"a","statement":"SELECT 1;\\u0000DELETE"}')).toMatchObject({
      ok: true,
      value: { statement: 'SELECT 1;\u0000DELETE' },
    });
  });

  test('never makes the reader throw, whatever bytes it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 64 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          for (const schema of [executeRequestSchema, checkRequestSchema, voteRequestSchema, cancelRequestSchema]) {
            const request = read(bytes, schema);
            if (!request.ok) expect(request.error).toMatchObject({ code: 'invalid_request' });
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const json = corpus('json-test-suite');
const caseSchema = z.object({ id: z.string(), expect: z.enum(['accept', 'reject', 'either']), b64: z.string() });

describe.skipIf(json === undefined)('the JSON test suite (skipped without the corpus json-test-suite)', () => {
  // Good JSON that readers disagree on; refused on purpose.
  const disputed = new Set(['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json']);
  const cases =
    json === undefined
      ? []
      : readFileSync(join(json, 'cases.jsonl'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => caseSchema.parse(JSON.parse(line)));

  test('is read without an exception, refused where it must be and accepted where it must be', () => {
    expect(cases.length).toBeGreaterThan(300);
    for (const one of cases) {
      const read = readRequest(Buffer.from(one.b64, 'base64'), jsonSchema, { ...limits, requestDepth: 500 });
      if (disputed.has(one.id)) expect([one.id, read.ok]).toEqual([one.id, false]);
      else if (one.expect !== 'either') expect([one.id, read.ok]).toEqual([one.id, one.expect === 'accept']);
    }
  });
});

const naughty = corpus('naughty-strings');

describe.skipIf(naughty === undefined)('naughty strings (skipped without the corpus naughty-strings)', () => {
  const strings =
    naughty === undefined
      ? []
      : z.array(z.string()).parse(JSON.parse(readFileSync(join(naughty, 'blns.json'), 'utf8')));

  test('come through as they were sent', () => {
    expect(strings.length).toBeGreaterThan(400);
    for (const text of strings) {
      const request = read(JSON.stringify({ connection: 'x', statement: `-- ${text}`, context: { text } }));
      if (text.isWellFormed())
        expect(request).toMatchObject({ ok: true, value: { statement: `-- ${text}`, context: { text } } });
      else expect(request.ok).toBe(false);
    }
  });
});

describe('the smaller contracts', () => {
  test.each<[z.ZodType, unknown, boolean]>([
    [sessionsQuerySchema, {}, true],
    [sessionsQuerySchema, { limit: '100', from: '2026-11-21T10:00:00+02:00' }, true],
    [sessionsQuerySchema, { limit: '0' }, false],
    [sessionsQuerySchema, { limit: '101' }, false],
    [sessionsQuerySchema, { limit: '1e1' }, false],
    [sessionsQuerySchema, { limit: 'x' }, false],
    [sessionsQuerySchema, { status: 'done' }, false],
    [sessionsQuerySchema, { from: 'yesterday' }, false],
    [sessionsQuerySchema, { pipline: 'x' }, false],
    [sessionQuerySchema, { wait: '25' }, true],
    [sessionQuerySchema, { wait: '26' }, false],
    [sessionQuerySchema, { wait: '-1' }, false],
    [sessionQuerySchema, { wait: '' }, false],
    [sessionQuerySchema, { wait: '0x5' }, false],
    [executeRequestSchema, { connection: 'orders', statement: "SELECT 'ok'" }, true],
    [executeRequestSchema, { connection: 'orders', statement: "SELECT '\u{fffd}'" }, false],
    [sessionQuerySchema, { wat: '1' }, false],
    [voteRequestSchema, { seal: 'a'.repeat(64) }, true],
    [voteRequestSchema, { seal: 'A'.repeat(64) }, false],
    [voteRequestSchema, { seal: `${'a'.repeat(64)}\n` }, false],
    [voteRequestSchema, {}, false],
    [voteRequestSchema, { seal: 'a'.repeat(64), person: 'dba-1' }, false],
    [cancelRequestSchema, {}, true],
    [cancelRequestSchema, { seal: 'a' }, false],
    [idempotencyKeySchema, 'k-1', true],
    [idempotencyKeySchema, '', false],
    [idempotencyKeySchema, 'a b', false],
    [idempotencyKeySchema, 'ä', false],
    [idempotencyKeySchema, 'a\n', false],
    [idempotencyKeySchema, 'x'.repeat(129), false],
  ])('case %# is read as it should be', (schema, value, fine) => {
    expect(check(schema, value).ok).toBe(fine);
  });

  test('an instant is read in any zone and compared in UTC', () => {
    expect(sessionsQuerySchema.parse({ from: '2026-11-21T10:00:00+02:00' })).toMatchObject({
      from: '2026-11-21T08:00:00.000Z',
      limit: 25,
    });
  });

  test.each<[string | undefined, boolean]>([
    ['application/json', true],
    ['Application/JSON; charset=UTF-8', true],
    ['application/json;charset="utf-8"', true],
    [undefined, true],
    ['application/json; charset=latin1', false],
    ['application/jsonp', false],
    ['text/plain', false],
    ['application/x-www-form-urlencoded', false],
    ['application/json, text/plain', false],
    ['', false],
  ])('the media type %s is JSON: %s', (type, fine) => {
    expect(isJson(type)).toBe(fine);
  });
});
