import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKeyedDigests } from '../../shared/aws/keyed-digests.ts';
import { keyedDigest } from '../../shared/platform/keyed-digest.ts';
import { err, ok } from '../../shared/platform/result.ts';
import { createWorld, type World } from '../gateway/world.ts';
import { INSTALLATION_SECRET, memoryKeyedDigests } from '../support/keyed-digests.ts';
import { rowsOf } from '../support/scripted-connector.ts';

/** Made here again from the RFCs, so that the record does not lean on our own function. */
function hmacOf(answer: string, session: string, secret = INSTALLATION_SECRET): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'countersign/answer', 32));
  return createHmac('sha256', key).update(`{"answer":${answer},"session":"${session}"}`).digest('hex');
}

async function outcomeOf(world: World, statement = 'SELECT customers') {
  const answered = await world.execute(statement);
  if (!answered.ok) throw new Error(answered.error.refusal.code);
  return world.store.sessionOf(answered.value.session.id).outcome;
}
const onlySession = (world: World): string => [...world.store.rows.keys()][0] ?? '';
const unmasked = async (world: World, statement?: string) => {
  const outcome = await outcomeOf(world, statement);
  return outcome?.kind === 'succeeded' || outcome?.kind === 'failed' ? outcome.unmasked : undefined;
};

describe('the unmasked answer', () => {
  test('is on record as a digest that whoever has the secret and the data can make again, and nowhere else', async () => {
    const world = createWorld();
    const canonical =
      '{"columns":[{"name":"name","type":"text"},{"name":"email","type":"text"}],"rowCount":1,"rows":[["Ada","ada@example.com"]],"truncated":false}';
    expect((await unmasked(world))?.hmac).toBe(hmacOf(canonical, onlySession(world)));
    expect(JSON.stringify([...world.store.rows])).not.toContain('ada@example.com');
  });

  test('has another digest when one value of it is another, or the installation is', async () => {
    const digest = async (rows: string[][], secret = INSTALLATION_SECRET) => {
      const world = createWorld();
      world.deps.keyedDigests = memoryKeyedDigests(secret);
      world.connector.answer = () => rowsOf(['name', 'email'], rows);
      return unmasked(world);
    };
    const one = await digest([['Ada', 'a@b.example']]);
    expect((await digest([['Ada', 'b@b.example']]))?.hmac).not.toBe(one?.hmac);
    const elsewhere = await digest([['Ada', 'a@b.example']], 'b'.repeat(64));
    expect(elsewhere?.hmac).not.toBe(one?.hmac);
    expect(elsewhere?.key).not.toBe(one?.key);
  });

  test('has another digest in every session, so that no answer can be guessed by asking for the guess', async () => {
    const world = createWorld();
    expect((await unmasked(world))?.hmac).not.toBe((await unmasked(world))?.hmac);
  });

  test('of a target that refuses is its own code and message, which the record may have to withhold', async () => {
    const world = createWorld();
    world.connector.answer = () => ({ kind: 'refused', code: '22P02', message: 'invalid input: "ada@example.com"' });
    expect((await unmasked(world))?.hmac).toBe(
      hmacOf('{"code":"22P02","message":"invalid input: \\"ada@example.com\\""}', onlySession(world)),
    );
  });

  test('is not claimed for what never ran', async () => {
    const world = createWorld();
    world.connector.answer = () => ({ kind: 'unavailable', message: 'no connection' });
    expect(await unmasked(world)).toBeUndefined();
  });

  test('is not asked for where its digest could not be made: nothing runs, and the record says so', async () => {
    const world = createWorld();
    world.deps.keyedDigests = { current: () => Promise.resolve(err({ message: 'AccessDeniedException' })) };
    const answered = await world.execute('SELECT customers');
    expect(answered).toMatchObject({ ok: false, error: { refusal: { code: 'record_unavailable' } } });
    expect(world.connector.calls).toEqual([]);
    expect(world.logged).toContain('keyed digests unavailable');
    const [id = ''] = world.store.rows.keys();
    expect(world.store.sessionOf(id).status).toBe('failed');
  });
});

describe('keyed digests', () => {
  test('of one purpose say nothing of another, nor does the name of the secret', () => {
    const keyed = keyedDigest(INSTALLATION_SECRET);
    const all = [keyed.of('answer', 'x'), keyed.of('mask/pii.email', 'x'), keyed.of('name', ''), keyed.key];
    expect(new Set(all).size).toBe(4);
    expect(keyed.of('answer', Buffer.from('x'))).toBe(keyed.of('answer', 'x'));
  });

  test('stay what they are, however many purposes there were meanwhile', () => {
    const keyed = keyedDigest(INSTALLATION_SECRET);
    const before = keyed.of('answer', 'x');
    for (let index = 0; index < 1_000; index += 1) keyed.of(`mask/${String(index)}`, 'x');
    expect(keyed.of('answer', 'x')).toBe(before);
  });

  test('come from a secret that is read once, and a read that failed is tried again', async () => {
    let reads = 0;
    const answers = [err({ message: 'away' }), ok(INSTALLATION_SECRET)];
    const digests = createKeyedDigests(
      { read: () => Promise.resolve(answers[reads++] ?? err({ message: 'again' })) },
      'arn:x',
    );
    expect(await digests.current()).toMatchObject({ ok: false });
    const first = await digests.current();
    expect(first).toMatchObject({ ok: true, value: { key: keyedDigest(INSTALLATION_SECRET).key } });
    expect(await digests.current()).toEqual(first);
    expect(reads).toBe(2);
  });

  test('are not made with a secret that is too short to be one', async () => {
    const digests = createKeyedDigests({ read: () => Promise.resolve(ok('hunter2')) }, 'arn:x');
    expect(await digests.current()).toMatchObject({ ok: false });
  });
});
