import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/slack-interactions/handler.ts';
import type { BallotRefusal } from '../../shared/gateway/ports/ballot.ts';
import { err, ok } from '../../shared/platform/result.ts';
import { createSlackInteractions } from '../../shared/slack/interactions.ts';
import { CHANNEL, containing, DBA, FOREIGNER, logged, quiet, startBench, TEAM } from './parts.ts';
import type { Bench } from './parts.ts';
import { SEAL, view } from './views.ts';

let bench: Bench;
let ts: string;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  const posted = await bench.notifier.ask(view(), CHANNEL);
  ts = posted.ok ? posted.value.ts : '';
});
afterEach(() => {
  bench.ballots.cast.length = 0;
  bench.ballots.answer = () => Promise.resolve(ok({ kind: 'counted', state: 'approved', status: 'running' }));
});

const click = (action: string, more: object = {}) =>
  bench.control('click', { channel: CHANNEL, ts, user: DBA, action, ...more });
const approval = {
  session: view().session,
  seal: SEAL,
  verdict: 'approve',
  voter: { via: 'slack', team: TEAM, user: DBA },
};

describe('Approve', () => {
  it('becomes one ballot with the seal of the message and the ids of the person, who is told', async () => {
    const { body } = await click('approve');
    expect(bench.ballots.cast).toEqual([approval]);
    expect(body).toMatchObject({ ok: true, delivery: { delivered: true, status: 200, body: '' } });
    expect(body['told']).toEqual([containing('Your approval is on the record')]);
  });

  it('is acknowledged only after the vote is written', async () => {
    const order: string[] = [];
    bench.ballots.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      order.push('written');
      return ok({ kind: 'counted', state: 'open', status: 'pending_approval' });
    };
    await click('approve');
    order.push('acknowledged');
    expect(order).toEqual(['written', 'acknowledged']);
  });

  it('is not acknowledged when the vote could not be tried, so that Slack tells the person', async () => {
    bench.ballots.answer = () => Promise.reject(new Error('the database of secrets at 10.0.0.1 is gone'));
    const { body } = await click('approve');
    expect(body).toMatchObject({ delivery: { status: 500 }, told: [] });
    expect(JSON.stringify(body) + logged.join()).not.toContain('10.0.0.1');
  });

  it('pressed many times at once is the same ballot every time', async () => {
    await Promise.all(Array.from({ length: 5 }, () => click('approve')));
    expect(new Set(bench.ballots.cast.map((ballot) => JSON.stringify(ballot))).size).toBe(1);
  });

  it('stands although the person cannot be told', async () => {
    await bench.control('faults', { method: 'response', status: 503 });
    const { body } = await click('approve');
    expect(body).toMatchObject({ delivery: { status: 200 }, told: [] });
    expect(bench.ballots.cast).toEqual([approval]);
  });

  it.each<[BallotRefusal, string]>([
    [{ code: 'unknown_voter' }, 'does not know your Slack account'],
    [{ code: 'session_not_found' }, 'no such session'],
    [{ code: 'vote_not_allowed', why: 'own_agent' }, 'answer for this agent'],
    [{ code: 'vote_not_allowed', why: 'acts_for' }, 'acts for you'],
    [{ code: 'vote_not_allowed', why: 'not_asked' }, 'none of the groups'],
    [{ code: 'seal_mismatch' }, 'newest message'],
    [{ code: 'approval_ended', status: 'expired' }, 'expired'],
    [{ code: 'record_unavailable' }, 'try again'],
  ])('refused as %j is explained to the person alone', async (refusal, words) => {
    bench.ballots.answer = () => Promise.resolve(err(refusal));
    const { body } = await click('approve');
    expect(body['told']).toEqual([containing(words)]);
  });
});

describe('Deny', () => {
  it('asks for the reason in a form and becomes a ballot with it', async () => {
    bench.ballots.answer = () => Promise.resolve(ok({ kind: 'counted', state: 'denied', status: 'denied' }));
    const { body } = await click('deny', { reason: '  Wrong customer  ' });
    expect(bench.ballots.cast).toEqual([{ ...approval, verdict: 'deny', comment: 'Wrong customer' }]);
    expect(JSON.stringify(body)).toContain('Your denial is on the record');
  });

  it.each(['', '   \n\t'])('is not cast with %j for a reason', async (reason) => {
    const { body } = await click('deny', { reason });
    expect(bench.ballots.cast).toEqual([]);
    expect(body).toMatchObject({ form: { kind: 'errors' } });
  });

  it('that is refused keeps its form open and says why', async () => {
    bench.ballots.answer = () => Promise.resolve(err({ code: 'approval_ended', status: 'succeeded' }));
    const { body } = await click('deny', { reason: 'too late' });
    expect(body).toMatchObject({
      form: { kind: 'errors', errors: { countersign_reason: containing('over already') } },
    });
  });

  it('says so when Slack does not open the form', async () => {
    await bench.control('faults', { method: 'views.open', status: 500 });
    const { body } = await click('deny', { reason: 'no' });
    expect(bench.ballots.cast).toEqual([]);
    expect(body['told']).toEqual([containing('could not open the form')]);
  });
});

describe('what is not from our workspace, or not ours', () => {
  it('refuses a person of another company in a shared channel', async () => {
    const { body } = await click('approve', { user: FOREIGNER });
    expect(body).toMatchObject({ delivery: { status: 403 } });
    expect(bench.ballots.cast).toEqual([]);
  });

  const secret = { botToken: 'xoxb-local-0123456789', signingSecret: 'signing-secret-of-the-test' };
  const origin = { team: { id: TEAM }, user: { id: DBA, team_id: TEAM } };
  const press = (changes: object = {}) => ({
    type: 'block_actions',
    ...origin,
    actions: [
      {
        type: 'button',
        action_id: 'countersign_approve',
        block_id: 'b',
        value: JSON.stringify({ session: 's', seal: SEAL }),
      },
    ],
    ...changes,
  });

  async function deliver(
    body: string,
    options: { team?: string | undefined; sign?: string; base64?: boolean } = { team: TEAM },
  ) {
    const cast: unknown[] = [];
    const interactions = createSlackInteractions({
      secret: () => Promise.resolve(ok(secret)),
      team: options.team,
      apiUrl: 'http://127.0.0.1:9/',
      clock: () => new Date(),
      log: quiet,
      castBallot: (ballot) => {
        cast.push(ballot);
        return Promise.resolve(ok({ kind: 'counted', state: 'approved', status: 'running' }));
      },
    });
    const time = String(Math.floor(Date.now() / 1_000));
    const signature = `v0=${createHmac('sha256', options.sign ?? secret.signingSecret)
      .update(`v0:${time}:${body}`)
      .digest('hex')}`;
    const answer = await createHandler(() => Promise.resolve(ok(interactions)))({
      headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': time },
      body: options.base64 === true ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded: options.base64 === true,
    });
    return { status: answer.statusCode, cast: cast.length };
  }
  const form = (payload: unknown) => `payload=${encodeURIComponent(JSON.stringify(payload))}`;

  it('takes a form in base64 as the bytes it is, UTF-8 included', async () => {
    expect(await deliver(form(press({ note: 'Grüße 東京' })), { team: TEAM, base64: true })).toEqual({
      status: 200,
      cast: 1,
    });
    // Unescaped bytes above ASCII are what a reader of base64 "as ASCII" corrupts.
    expect(
      await deliver(`payload=${JSON.stringify(press({ note: 'Grüße 東京' }))}`, { team: TEAM, base64: true }),
    ).toEqual({ status: 200, cast: 1 });
  });

  it.each<[string, string, object, number]>([
    ['another signing secret', form(press()), { team: TEAM, sign: 'somebody else entirely' }, 401],
    ['no team in configuration', form(press()), { team: undefined }, 403],
    ['an empty team in configuration', form(press()), { team: '' }, 403],
    ['another team', form(press({ team: { id: 'T0OTHER001' } })), { team: TEAM }, 403],
    ['no team in the payload', form(press({ team: null })), { team: TEAM }, 403],
    ['another organisation', form(press({ enterprise: { id: 'E0OTHER001' } })), { team: 'E0ACME0001' }, 403],
    ['a body that is not a form', 'hello', { team: TEAM }, 400],
    ['JSON that ends early', 'payload={"type":', { team: TEAM }, 400],
    ['two payloads', `${form(press())}&${form(press())}`, { team: TEAM }, 400],
    ['a kind of interaction we do not have', form({ type: 'shortcut', ...origin }), { team: TEAM }, 400],
    ['no user', form(press({ user: undefined })), { team: TEAM }, 400],
    [
      'an e-mail address for a user',
      form(press({ user: { id: 'dba@example.com', team_id: TEAM } })),
      { team: TEAM },
      400,
    ],
    [
      'a button nobody listens for',
      form(press({ actions: [{ type: 'button', action_id: 'other', block_id: 'b' }] })),
      { team: TEAM },
      404,
    ],
    [
      'a button without value',
      form(press({ actions: [{ type: 'button', action_id: 'countersign_approve', block_id: 'b' }] })),
      { team: TEAM },
      200,
    ],
    [
      'a value of another shape',
      form(
        press({
          actions: [
            {
              type: 'button',
              action_id: 'countersign_approve',
              block_id: 'b',
              value: '{"session":"s","seal":"short"}',
            },
          ],
        }),
      ),
      { team: TEAM },
      200,
    ],
  ])('casts nothing for %s', async (_, body, options, status) => {
    expect(await deliver(body, options)).toEqual({ status, cast: 0 });
  });

  it('takes a person of any workspace of the organisation that configuration names', async () => {
    const body = form(press({ enterprise: { id: 'E0ACME0001' } }));
    expect(await deliver(body, { team: 'E0ACME0001' })).toEqual({ status: 200, cast: 1 });
  });

  it('answers as if it were not there when configuration has no Slack, and 503 when it cannot be read', async () => {
    expect((await createHandler(() => Promise.resolve(ok(undefined)))({ headers: {} })).statusCode).toBe(404);
    expect((await createHandler(() => Promise.resolve(err('gone')))({ headers: {} })).statusCode).toBe(503);
  });

  it('takes a rotated signing secret after one fresh read, and asks for no second', async () => {
    const reads: boolean[] = [];
    const interactions = createSlackInteractions({
      secret: (renew = false) => {
        reads.push(renew);
        return Promise.resolve(ok(renew ? secret : { ...secret, signingSecret: 'the one before the rotation' }));
      },
      team: TEAM,
      apiUrl: 'http://127.0.0.1:9/',
      clock: () => new Date(),
      log: quiet,
      castBallot: () => Promise.resolve(err({ code: 'unknown_voter' })),
    });
    const body = form(press());
    const time = String(Math.floor(Date.now() / 1_000));
    const signed = (key: string) => ({
      rawBody: Buffer.from(body),
      headers: {
        'x-slack-signature': `v0=${createHmac('sha256', key).update(`v0:${time}:${body}`).digest('hex')}`,
        'x-slack-request-timestamp': time,
      },
    });
    expect((await interactions.handle(signed(secret.signingSecret))).status).toBe(200);
    expect((await interactions.handle(signed('nobody knows this one'))).status).toBe(401);
    expect(reads).toEqual([false, true, false, true]);
  });
});
