import { describe, expect, test } from 'vitest';
import { ulid } from 'ulid';
import { findArchived } from '../../infra/cli/archive/archived-sessions.ts';
import type { ObjectReader } from '../../shared/gateway/ports/object-store.ts';
import { archiveBytes, archiveKey } from '../../shared/gateway/record/archive-object.ts';
import { body, chainOf, sessionFrom } from '../support/chains.ts';
import { memoryObjects } from '../support/memory-objects.ts';

const idOf = (at: string): string => `ses_${ulid(Date.parse(at)).toLowerCase()}`;

/** An archive of sessions that began then, and what is listed of it. */
async function archiveOf(sessions: Readonly<Record<string, string>>) {
  const store = memoryObjects();
  for (const [id, began] of Object.entries(sessions)) {
    const session = sessionFrom(chainOf(id, [body.submitted(), body.refused], new Date(began)));
    await store.create(archiveKey(session), archiveBytes(session));
  }
  const listed: string[] = [];
  const reader: ObjectReader = {
    read: (key) => store.read(key),
    size: (key) => store.size(key),
    async *list(prefix, after) {
      for await (const object of store.list(prefix, after)) {
        if (object.ok) listed.push(object.value.key.slice(9, 19));
        yield object;
      }
    },
  };
  return { reader, listed };
}

const others = (days: readonly string[]) =>
  Object.fromEntries(days.map((day) => [idOf(`2026-${day}T08:00:00Z`), `2026-${day}T08:00:00.000Z`]));

describe('a session in the archive, by its id', () => {
  test.each([
    ['on the day that its id tells', '2026-05-05T10:00:00Z', '2026-05-05T10:00:00.100Z'],
    ['on the next day, when midnight came between', '2026-05-05T23:59:59.990Z', '2026-05-06T00:00:00.010Z'],
  ])('is found %s, and no other day is listed', async (_where, made, began) => {
    const id = idOf(made);
    const { reader, listed } = await archiveOf({ ...others(['05-01', '05-04', '05-07', '06-01']), [id]: began });
    expect(await findArchived(reader, id)).toMatchObject({ kind: 'session', session: { id } });
    expect(listed).toEqual([began.slice(0, 10).replaceAll('-', '/')]);
  });

  test.each([
    ['tells another day than it began', idOf('2026-05-05T10:00:00Z')],
    ['follows from an Idempotency-Key', `ses_k${'a1'.repeat(20)}`],
    ['is of no known kind', 'ses_0000000000000000000000000000000f'],
  ])('is found also when its id %s', async (_what, id) => {
    const { reader } = await archiveOf({ ...others(['05-01', '05-04']), [id]: '2026-08-09T10:00:00.000Z' });
    expect(await findArchived(reader, id)).toMatchObject({ kind: 'session', day: '2026-08-09', session: { id } });
  });

  test('is not found where it is not, whatever its id tells', async () => {
    const { reader } = await archiveOf(others(['05-01', '05-05']));
    for (const id of [
      idOf('2026-05-05T10:00:00Z'),
      `ses_k${'b2'.repeat(20)}`,
      'ses_7zzzzzzzzzzzzzzzzzzzzzzzzz',
      '..',
      '',
    ])
      expect(await findArchived(reader, id)).toBeUndefined();
  });
});
