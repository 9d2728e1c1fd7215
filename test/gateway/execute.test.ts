import { describe, expect, test } from 'vitest';
import { problemOf } from '../../shared/contracts/api/problem.ts';
import { eventSchema } from '../../shared/contracts/record/event.ts';
import { findChainFault } from '../../shared/domain/chain.ts';
import { answerSession } from '../../shared/gateway/http/answer-session.ts';
import { check } from '../../shared/gateway/check.ts';
import { resultOf } from '../../shared/gateway/read-sessions.ts';
import { viewStory } from '../../shared/gateway/view-session.ts';
import { err } from '../../shared/platform/result.ts';
import { watchSpans } from '../../shared/platform/spans.ts';
import { bot, createWorld, POLICIES, bundleOf, type World } from './world.ts';
import { rowsOf } from '../support/scripted-connector.ts';

const down = () => Promise.resolve(err({ code: 'record_unavailable', message: 'down' } as const));
const only = (world: World) => [...world.store.rows.keys()].map((id) => world.store.sessionOf(id));
const kinds = (world: World) => only(world).map((session) => session.events.map(({ type }) => type).join(' '));

test('nobody is asked about what could not be carried out', async () => {
  const world = createWorld();
  world.connector.whyNotRun = () => 'It needs a connection that stays open.';
  const answered = await world.execute('UPDATE');
  expect(answered).toMatchObject({ ok: false, error: { refusal: { code: 'target_error', reason: 'not_carried' } } });
  expect(kinds(world)).toEqual(['submitted refused']);
});

describe('an allowed statement', () => {
  test('costs one create, one call of the target and one append, in that order', async () => {
    const world = createWorld();
    world.trace();
    const { answer } = world.connector;
    world.connector.answer = () => {
      world.journal.push('target');
      return answer();
    };
    await world.execute('SELECT');
    expect(world.journal).toEqual(['create', 'create!', 'target', 'append', 'append!']);
  });

  test('tells whoever watches how long each of its steps took, by name alone', async () => {
    const steps: string[] = [];
    const end = watchSpans(({ name }) => steps.push(name));
    await createWorld().execute('SELECT');
    end();
    expect(steps).toEqual(['analyse', 'decide', 'record', 'target', 'mask', 'record']);
  });

  test('has its intent on record before the target is called', async () => {
    const world = createWorld();
    let seen: string[] = [];
    world.connector.answer = () => {
      seen = kinds(world);
      return rowsOf([], []);
    };
    await world.execute('SELECT');
    expect(seen).toEqual(['submitted decided intent']);
    expect(kinds(world)).toEqual(['submitted decided intent outcome']);
  });

  test('answers what may be seen, keeps the same, and its chain holds and fits the contract', async () => {
    const world = createWorld();
    const answered = await world.execute('SELECT', { reason: 'r', context: { pipeline: 'p/1' } });
    if (!answered.ok) throw new Error('refused');
    expect(answered.value.result?.rows).toEqual([['Ada', '[masked:pii.email]']]);
    const [session] = only(world);
    expect(session?.status).toBe('succeeded');
    expect(JSON.stringify(session)).not.toContain('ada@example.com');
    expect(findChainFault(session?.events ?? [])).toBeUndefined();
    for (const event of session?.events ?? []) expect(eventSchema.parse(event)).toEqual(event);
  });

  test.each([
    ['SELECT', 'read'],
    ['UPDATE', 'write'],
  ])('records for %s the login that is borrowed: %s', async (statement, login) => {
    const world = createWorld();
    world.configure(bundleOf(POLICIES.filter((text) => !text.includes('orders-dba'))));
    await world.execute(statement);
    const [session] = only(world);
    expect(session?.intent?.credential).toMatch(new RegExp(`orders/${login}-`));
    expect(session?.intent?.credential).toBe(world.connector.calls[0]?.credential);
  });

  test('is never sent when the record is down', async () => {
    const world = createWorld();
    world.deps.store = { ...world.store, create: down };
    const answered = await world.execute('SELECT');
    expect(answered).toMatchObject({ ok: false, error: { refusal: { code: 'record_unavailable' }, recorded: false } });
    expect(world.connector.calls).toEqual([]);
  });

  test('is never sent when its large text could not be kept, and the record says that it was not run', async () => {
    const world = createWorld();
    world.deps.blobs = { ...world.deps.blobs, put: down };
    const answered = await world.execute(`SELECT ${'x'.repeat(40_000)}`);
    expect(answered.ok).toBe(false);
    expect(world.connector.calls).toEqual([]);
    expect(only(world).map(({ status, outcome }) => [status, outcome?.kind])).toEqual([['failed', 'failed']]);
  });

  test('that ran is answered though its outcome could not be recorded, and says so', async () => {
    const world = createWorld();
    world.deps.store = { ...world.store, append: down };
    const answered = await world.execute('SELECT');
    expect(answered).toMatchObject({ ok: true, value: { recorded: false, session: { status: 'succeeded' } } });
    expect(only(world)[0]?.status).toBe('running');
    if (!answered.ok) throw new Error('refused');
    const http = answerSession(answered.value.session, answered.value.result, answered.value.recorded);
    expect(JSON.parse(http.body)).toMatchObject({ recorded: false, status: 'succeeded' });
  });

  test('rides out a store that is throttled for a second', async () => {
    const world = createWorld();
    let failures = 3;
    world.deps.store = {
      ...world.store,
      append: (before, events) => ((failures -= 1) >= 0 ? down() : world.store.append(before, events)),
    };
    expect(await world.execute('SELECT')).toMatchObject({ ok: true, value: { recorded: true } });
    expect(only(world)[0]?.status).toBe('succeeded');
  });

  test('whose connector throws has an unknown outcome and is not tried again', async () => {
    const world = createWorld();
    world.connector.answer = () => {
      throw new Error('secret of the driver');
    };
    const answered = await world.execute('SELECT');
    expect(answered).toMatchObject({ ok: true, value: { session: { status: 'unknown_outcome' } } });
    expect(world.connector.calls).toHaveLength(1);
    expect(JSON.stringify(only(world))).not.toContain('secret of the driver');
  });

  test('whose answer cannot be masked is withheld, and known to have run', async () => {
    const world = createWorld();
    world.configure(bundleOf());
    Object.assign(world.runtime(), {
      scanner: {
        value: () => {
          throw new Error('ada@example.com');
        },
      },
    });
    const answered = await world.execute('SELECT');
    expect(answered).toMatchObject({ ok: true, value: { session: { status: 'succeeded' }, result: { rows: [] } } });
    expect(JSON.stringify(only(world))).not.toContain('ada@example.com');
  });

  test('whose columns could not be traced is masked whole', async () => {
    const answered = await createWorld().execute('SELECT UNTRACED');
    expect(answered.ok ? answered.value.result?.rows : []).toEqual([
      ['[masked:unknown.lineage]', '[masked:unknown.lineage]'],
    ]);
  });

  test.each([
    ['42P01', 'relation "customer" does not exist', 'relation "…" (withheld: it may be a value) does not exist'],
    ['22P02', 'invalid input: "ada@example.com"', 'withheld'],
    [
      '42P01',
      'la relation « ada@example.com » n’existe pas',
      'la relation "…" (withheld: it may be a value) n’existe pas',
    ],
    ['Forbidden', 'webhook denied: ada@example.com may not', 'webhook denied: [masked:pii.email] may not'],
  ])('that the target refuses with %s fails, its message masked', async (code, message, heard) => {
    const world = createWorld();
    world.connector.answer = () => ({ kind: 'refused', code, message });
    const answered = await world.execute('SELECT');
    if (!answered.ok) throw new Error('refused');
    const http = answerSession(answered.value.session, undefined, true);
    expect(http.statusCode).toBe(422);
    expect(http.body).toContain(heard.replaceAll('"', '\\"'));
    expect(JSON.stringify(only(world))).not.toContain('ada@example.com');
  });

  test.each([
    ['unavailable', 503],
    ['unknown', 504],
  ] as const)('that is %s at the target is answered %d', async (kind, status) => {
    const world = createWorld();
    world.connector.answer = () => ({ kind, message: 'gone, says ada@example.com' });
    const answered = await world.execute('SELECT');
    expect(answered.ok && answerSession(answered.value.session, undefined, true).statusCode).toBe(status);
    expect(JSON.stringify(only(world))).not.toContain('ada@example.com');
  });
});

describe('what is large', () => {
  test('goes to S3 once and is read back whole', async () => {
    const world = createWorld();
    const rows = Array.from({ length: 2_000 }, (_none, index) => ['Ada'.repeat(10), `${String(index)}@example.com`]);
    world.connector.answer = () => rowsOf(['name', 'email'], rows);
    const statement = `SELECT ${'ä'.repeat(20_000)}`;
    await world.execute(statement);
    await world.execute(statement);
    const [session] = only(world);
    expect(world.deps.blobs.objects.size).toBe(2);
    expect(JSON.stringify(session?.events).length).toBeLessThan(10_000);
    const result = session === undefined ? undefined : await resultOf(world.deps.blobs, session);
    expect(result?.rows).toHaveLength(2_000);
  });

  test.each<[string, object]>([
    ['context', { context: { prompt: 'x'.repeat(60_000), more: 'y'.repeat(60_000) } }],
    ['parameters', { parameters: Array.from({ length: 10 }, () => '\u0001'.repeat(4_000)) }],
    ['body', { body: { x: 'y'.repeat(120_000) } }],
  ])('in %s is refused by name, because its outcome could never be recorded beside it', async (member, more) => {
    const world = createWorld();
    const answered = await world.execute('SELECT', more);
    expect(answered).toMatchObject({
      ok: false,
      error: { refusal: { code: 'invalid_request', member }, recorded: true },
    });
    expect(world.connector.calls).toEqual([]);
    expect(JSON.stringify(only(world)).length).toBeLessThan(3_000);
  });

  test('never fills an item so that its own outcome finds no room', async () => {
    const world = createWorld();
    const names = Array.from({ length: 1_600 }, (_none, index) => `${'n'.repeat(60)}${String(index)}`);
    world.connector.answer = () => rowsOf(names, [names]);
    await world.execute(`SELECT ${'\u0001'.repeat(5_000)}`, { context: { prompt: 'p'.repeat(60_000) } });
    const [session] = only(world);
    expect(session?.status).toBe('succeeded');
    expect(Buffer.byteLength(JSON.stringify(session?.events))).toBeLessThan(240_000);
  });
});

describe('a refused statement', () => {
  test.each<[string, string, object, string]>([
    ['that policy blocks', 'DROP customers', {}, 'blocked_by_policy'],
    ['that cannot be read', 'GIBBERISH', {}, 'statement_invalid'],
    ['that is too long', `SELECT ${'x'.repeat(300_000)}`, {}, 'statement_invalid'],
    ['with 501 effects', 'EFFECTS 501', {}, 'blocked_by_policy'],
    ['with no effect at all', 'EFFECTS 0', {}, 'blocked_by_policy'],
    ['with effects too long to list', 'EFFECTS 500', {}, 'blocked_by_policy'],
    ['on a connection that does not exist', 'SELECT', { connection: 'nowhere' }, 'connection_not_found'],
    ['on a connection of others', 'SELECT', { connection: 'foreign' }, 'connection_not_found'],
  ])('%s never reaches the target and is on record', async (_what, statement, more, code) => {
    const world = createWorld();
    const answered = await world.execute(statement, more);
    expect(answered).toMatchObject({ ok: false, error: { refusal: { code }, recorded: true } });
    expect(world.connector.calls).toEqual([]);
    expect(only(world).map(({ status }) => status)).toEqual(['blocked']);
  });

  test('is still a refusal when the record is down, and says that it is not recorded', async () => {
    const world = createWorld();
    world.deps.store = { ...world.store, create: down };
    expect(await world.execute('DROP x')).toMatchObject({
      ok: false,
      error: { recorded: false, refusal: { code: 'blocked_by_policy' } },
    });
  });

  test('tells nothing of whether the connection exists, byte for byte', async () => {
    const problems = await Promise.all(
      ['nowhere', 'foreign'].map(async (connection) => {
        const answered = await createWorld().execute('SELECT', { connection });
        return answered.ok ? '' : JSON.stringify(problemOf(answered.error.refusal, 'ses_x'));
      }),
    );
    expect(problems[0]).toBe(problems[1]);
    expect(problems[0]).toContain('connection_not_found');
    const world = createWorld();
    const checks = await Promise.all(
      ['nowhere', 'foreign'].map((connection) =>
        check(world.deps, world.runtime(), bot, { connection, statement: 'SELECT' }),
      ),
    );
    expect(checks[0]).toEqual(checks[1]);
  });
});

describe('check', () => {
  test('says what would happen and leaves nothing behind', async () => {
    const world = createWorld();
    const read = await check(world.deps, world.runtime(), bot, { connection: 'orders', statement: 'SELECT' });
    expect(read).toMatchObject({
      ok: true,
      value: { decision: { verdict: 'allow' }, columns: [{ masked: false }, { masked: true, class: 'pii.email' }] },
    });
    const write = await check(world.deps, world.runtime(), bot, { connection: 'orders', statement: 'UPDATE x' });
    expect(write).toMatchObject({
      ok: true,
      value: { decision: { verdict: 'approval' }, approval: { asks: [{ group: 'dba', quorum: 1 }] } },
    });
    expect([world.store.rows.size, world.connector.calls.length]).toEqual([0, 0]);
  });
});

describe('an Idempotency-Key', () => {
  const key = { idempotencyKey: 'k-1' };

  test('with the same body is the same session, run once', async () => {
    const world = createWorld();
    const [first, second] = [await world.execute('SELECT', { wait: 5 }, key), await world.execute('SELECT', {}, key)];
    expect(first.ok && second.ok && first.value.session.id === second.value.session.id).toBe(true);
    expect(world.connector.calls).toHaveLength(1);
  });

  test('with another body is a conflict, and nothing runs', async () => {
    const world = createWorld();
    await world.execute('SELECT', {}, key);
    for (const other of ['SELECT ', 'UPDATE x', 'DROP x', 'GIBBERISH'])
      expect(await world.execute(other, {}, key)).toMatchObject({
        ok: false,
        error: { refusal: { code: 'idempotency_conflict' } },
      });
    expect(world.connector.calls).toHaveLength(1);
  });

  test('of another agent is another session', async () => {
    const world = createWorld();
    await world.execute('SELECT', {}, key);
    await world.execute('SELECT', {}, { ...key, agent: { ...bot, subject: 'bot-2' } });
    expect([world.store.rows.size, world.connector.calls.length]).toEqual([2, 2]);
  });

  test('repeated after a refusal tells the same again', async () => {
    const world = createWorld();
    for (const [statement, code, again] of [
      ['DROP x', 'blocked_by_policy', 'blocked_by_policy'],
      ['GIBBERISH', 'statement_invalid', 'refused_earlier'],
    ] as const) {
      const own = { idempotencyKey: code };
      expect(await world.execute(statement, {}, own)).toMatchObject({ ok: false, error: { refusal: { code } } });
      const repeat = await world.execute(statement, {}, own);
      if (!repeat.ok) throw new Error('a repeat is answered from its session');
      expect(JSON.parse(answerSession(repeat.value.session, undefined, true).body)).toMatchObject({ code: again });
    }
  });

  test('repeated while it runs does not run it again', async () => {
    const world = createWorld();
    let release: () => void = () => undefined;
    const started = new Promise<void>((begun) => {
      world.connector.answer = () => {
        begun();
        return new Promise(
          (resolve) =>
            (release = () => {
              resolve(rowsOf([], []));
            }),
        );
      };
    });
    const first = world.execute('SELECT', {}, key);
    await started;
    const repeat = await world.execute('SELECT', {}, key);
    expect(repeat).toMatchObject({ ok: true, value: { session: { status: 'running' } } });
    expect(repeat.ok && answerSession(repeat.value.session, undefined, true).statusCode).toBe(202);
    release();
    await first;
    expect(world.connector.calls).toHaveLength(1);
  });
});

test('what everyone sees of a session never holds the token that wakes its workflow', async () => {
  const world = createWorld();
  const session = await world.ask();
  await world.store.saveTaskToken(session.id, 'TOKEN-OF-THE-WORKFLOW');
  const stored = await world.store.get(session.id);
  expect(stored.ok && stored.value?.sideCar.taskToken).toBe('TOKEN-OF-THE-WORKFLOW');
  expect(JSON.stringify(viewStory(world.store.sessionOf(session.id)))).not.toContain('TOKEN');
});

test('an agent may have only so many statements waiting', async () => {
  const world = createWorld();
  for (const index of [1, 2, 3]) expect((await world.execute(`UPDATE ${String(index)}`)).ok).toBe(true);
  expect(await world.execute('UPDATE 4')).toMatchObject({
    ok: false,
    error: { refusal: { code: 'too_many_pending', limit: 3 } },
  });
  expect((await world.execute('UPDATE 1', {}, { agent: { ...bot, subject: 'bot-2' } })).ok).toBe(true);
});
