import { describe, expect, test } from 'vitest';
import { cancel } from '../../shared/gateway/approval/cancel.ts';
import { placeOf } from '../../shared/gateway/repeats.ts';
import { bot, createWorld, type World } from './world.ts';

const UPDATE = 'UPDATE customers';

const placeIn = (made: World, attempt = 1, statement = UPDATE) =>
  placeOf(made.deps.store, bot, { request: { connection: 'orders', statement }, attempt }, made.deps.clock());

/** The call, as a caller makes it that may have lost the answer: where it belongs, and there it is. */
async function call(made: World, attempt = 1): Promise<string> {
  const place = await placeIn(made, attempt);
  if (!place.ok) return place.error.code;
  if (place.value.session !== undefined) return place.value.session.id;
  const answered = await made.execute(UPDATE, {}, { idempotencyKey: place.value.key });
  return answered.ok ? answered.value.session.id : answered.error.refusal.code;
}

describe('the place of a call whose answer may have been lost', () => {
  test('is the session that waits, however often it is asked for, also past midnight', async () => {
    const made = createWorld();
    const first = await call(made);
    expect(await call(made)).toBe(first);
    made.advance(20 * 60);
    expect(await call(made)).toBe(first);
    const late = createWorld();
    late.advance(13.9 * 3_600);
    const before = await call(late);
    late.advance(15 * 60);
    expect(await call(late)).toBe(before);
  });

  test('is another for another statement, and for another attempt', async () => {
    const made = createWorld();
    const session = await call(made);
    const same = await placeIn(made);
    expect(same.ok && same.value.session?.id).toBe(session);
    for (const other of [await placeIn(made, 2), await placeIn(made, 1, 'UPDATE customers -- now')])
      expect(other.ok && other.value.session).toBeUndefined();
  });

  test('is free again once the session was taken back, and is refused after thirty times a day', async () => {
    const made = createWorld();
    const seen = new Set<string>();
    for (let time = 0; time < 30; time += 1) {
      const session = await call(made);
      seen.add(session);
      expect(await cancel(made.deps, bot, session, undefined)).toMatchObject({ ok: true });
    }
    expect(seen.size).toBe(30);
    expect(await placeIn(made)).toMatchObject({
      ok: false,
      error: { code: 'rate_limited', limit: 30, retryAfterSeconds: 14 * 3_600 },
    });
    expect(await placeIn(made, 2)).toMatchObject({ ok: true });
  });
});
