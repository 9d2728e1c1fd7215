import { expect, test } from 'vitest';
import { blobsIn } from '../../shared/gateway/record/blobs-in.ts';

const blob = { sha256: 'a'.repeat(64), bytes: 40_000 };

test('a statement or an answer that lies in a blob is referred to', () => {
  expect(blobsIn({ type: 'submitted', data: { statement: { blob }, connection: 'orders' } })).toEqual([blob]);
  expect(blobsIn({ type: 'outcome', data: { kind: 'succeeded', result: { blob, columns: [] } } })).toEqual([blob]);
});

test.each([
  ['what a caller claims', { type: 'submitted', data: { statement: { text: 'SELECT 1' }, claimed: { it: blob } } }],
  ['a body that was not read', { type: 'submitted', data: { statement: { text: '' }, unread: blob } }],
  ['a parameter or a body of its own', { type: 'submitted', data: { statement: { text: '' }, body: { blob } } }],
  ['a row', { type: 'outcome', data: { kind: 'succeeded', result: { inline: { rows: [[blob]] } } } }],
  ['another kind of event', { type: 'told', data: { statement: { blob } } }],
  ['nothing at all', null],
])('is not taken for a reference, however it looks: %s', (_, event) => {
  expect(blobsIn(event)).toEqual([]);
});
