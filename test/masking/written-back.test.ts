import { describe, expect, test } from 'vitest';
import type { Statement } from '../../shared/domain/statement.ts';
import { maskIn } from '../../shared/masking/written-back.ts';
import { createWorld } from '../gateway/world.ts';

const fixed = [{ kind: 'fixed', text: 'HIDDEN BY POLICY' } as const];

describe('a mask that comes back', () => {
  test.each<[string, Statement, string]>([
    ['in a literal', { text: "UPDATE customers SET email = '[masked:pii.email]' WHERE id = 1" }, 'the statement'],
    ['in other letters', { text: "UPDATE customers SET email = '[MASKED:pii.email]'" }, 'the statement'],
    ['with the end that it keeps', { text: "DELETE FROM t WHERE card = '[masked:pci.card …4326]'" }, 'the statement'],
    ['inside a document', { text: `INSERT INTO t VALUES ('{"a": "x [masked:secret.token] y"}')` }, 'the statement'],
    ['as a parameter', { text: 'UPDATE t SET a = :a', parameters: { a: '[masked:pii.phone]' } }, 'a parameter'],
    ['in a list of parameters', { text: 'UPDATE t SET a = $1', parameters: ['[masked:pii.phone]'] }, 'a parameter'],
    ['in a body', { text: 'PUT /api/v1/x', body: { data: { key: '[masked:secret.kubernetes]' } } }, 'the body'],
    ['as a name of a body', { text: 'PUT /api/v1/x', body: { '[masked:a]': 1 } }, 'the body'],
    [
      'as the fixed text of a strategy',
      { text: 'UPDATE t SET a = :a', parameters: { a: 'HIDDEN BY POLICY' } },
      'a value',
    ],
    [
      'as a keyed hash that was given out',
      { text: 'PATCH /api/v1/x', body: { data: { owner: '[masked:pii.owner #0123456789abcdef01234567]' } } },
      'the body',
    ],
    [
      'as a hash inside what was last applied',
      {
        text: 'PUT /api/v1/x',
        body: {
          metadata: { annotations: { a: JSON.stringify({ data: { o: '[masked:pii.owner #0123456789abcdef]' } }) } },
        },
      },
      'the body',
    ],
    [
      'as the fixed text in a body',
      { text: 'PATCH /api/v1/x', body: [{ op: 'add', path: '/data/owner', value: 'HIDDEN BY POLICY' }] },
      'a value',
    ],
  ])('%s is found', (_where, statement, said) => {
    expect(maskIn(statement, fixed)).toBe(said);
  });

  test.each<[string, Statement]>([
    ['words about masks', { text: "SELECT 'masked: no', '[mask]' FROM t" }],
    ['a longer text that holds the fixed one', { text: "SELECT 'not HIDDEN BY POLICY at all'" }],
    ['a longer text of a body', { text: 'PATCH /api/v1/x', body: { data: { a: 'see HIDDEN BY POLICY' } } }],
    ['ordinary parameters', { text: 'SELECT :a', parameters: { a: '[a]' } }],
  ])('is not seen in %s', (_what, statement) => {
    expect(maskIn(statement, fixed)).toBeUndefined();
  });

  test('is refused before anything runs, with what to do instead, and stays on record', async () => {
    const world = createWorld();
    const answered = await world.execute("UPDATE customers SET email = '[masked:pii.email]'");
    expect(answered).toMatchObject({
      ok: false,
      error: { refusal: { code: 'statement_invalid', reason: 'mask_written_back' } },
    });
    const { refusal, session } = answered.ok ? { refusal: undefined, session: undefined } : answered.error;
    expect(JSON.stringify(refusal)).toContain('Leave such columns out; to find the row, use its key.');
    expect(world.connector.calls).toEqual([]);
    expect(world.store.sessionOf(session ?? '').status).toBe('blocked');
  });
});
