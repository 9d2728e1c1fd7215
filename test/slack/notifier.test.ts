import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { err, ok } from '../../shared/platform/result.ts';
import { isSlackAddress } from '../../shared/slack/client.ts';
import { createSlackNotifier } from '../../shared/slack/notifier.ts';
import { CHANNEL, containing, startBench } from './parts.ts';
import type { Bench } from './parts.ts';
import { view } from './views.ts';

let now = Date.now();
const clock = () => new Date(now);
let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ clock });
});
afterAll(() => bench.close());

describe('the notifier', () => {
  it('posts a question and brings the same message up to date', async () => {
    const posted = await bench.notifier.ask(view(), CHANNEL);
    if (!posted.ok) throw new Error(posted.error.message);
    expect(await bench.notifier.update(view({ status: 'denied' }), posted.value)).toEqual(ok(undefined));
    const messages = await bench.messages();
    expect(messages).toHaveLength(1);
    expect(messages[0]?.ts).toBe(posted.value.ts);
    expect(messages[0]?.text).toMatch(/^Denied/);
    expect(JSON.stringify(messages)).not.toContain('countersign_approve');
  });

  it('says how long Slack asks to wait, and calls that method no sooner, whatever session wants it', async () => {
    const before = (await bench.messages()).length;
    await bench.control('faults', { method: 'chat.postMessage', status: 429, retryAfter: 17 });
    expect(await bench.notifier.ask(view(), CHANNEL)).toEqual(
      err({ retryAfterSeconds: 17, message: 'Slack asks to wait 17 s' }),
    );
    now += 16_001;
    expect(await bench.notifier.ask(view({ session: 'ses_other' }), CHANNEL)).toEqual(
      err({ retryAfterSeconds: 1, message: 'Slack asked to wait, 1 s more' }),
    );
    expect(await bench.messages()).toHaveLength(before);
    now += 1_000;
    expect((await bench.notifier.ask(view(), CHANNEL)).ok).toBe(true);
    expect(await bench.messages()).toHaveLength(before + 1);
  });

  it('tells what Slack will never do from what it does not do now', async () => {
    const gone = { channel: CHANNEL, ts: '1.000001' };
    expect(await bench.notifier.update(view(), gone)).toEqual(
      err({ retryAfterSeconds: 0, message: 'Slack refused: message_not_found', never: true }),
    );
    await bench.control('faults', { method: 'chat.update', status: 503 });
    const down = await bench.notifier.update(view(), gone);
    expect(down).toMatchObject({ ok: false, error: { retryAfterSeconds: 0 } });
    expect(down).not.toHaveProperty('error.never');
  });

  it.each([
    [500, 'HTTP 500'],
    [503, 'HTTP 503'],
  ])('says that Slack is down when it answers %d', async (status, words) => {
    await bench.control('faults', { status });
    const posted = await bench.notifier.ask(view(), CHANNEL);
    expect(posted).toMatchObject({
      ok: false,
      error: { retryAfterSeconds: 0, message: containing(words) },
    });
  });

  it('names the remedy when the channel does not exist', async () => {
    const posted = await bench.notifier.ask(view(), 'C0NOWHERE1');
    expect(posted).toMatchObject({ ok: false, error: { message: containing('slackChannel') } });
  });

  it('reads the secret again when the token is refused, once', async () => {
    const reads: boolean[] = [];
    const notifier = createSlackNotifier({
      clock,
      apiUrl: bench.slack.apiUrl(),
      secret: (renew = false) => {
        reads.push(renew);
        return Promise.resolve(
          ok(renew ? bench.slack.secret : { ...bench.slack.secret, botToken: 'xoxb-before-the-rotation' }),
        );
      },
    });
    expect((await notifier.ask(view(), CHANNEL)).ok).toBe(true);
    expect(reads).toEqual([false, true]);
  });

  it('gives up on a token that stays refused, without a word of it', async () => {
    const notifier = createSlackNotifier({
      clock,
      apiUrl: bench.slack.apiUrl(),
      secret: () => Promise.resolve(ok({ ...bench.slack.secret, botToken: 'xoxb-wrong-token' })),
    });
    const posted = await notifier.ask(view(), CHANNEL);
    expect(posted).toMatchObject({ ok: false, error: { message: containing('invalid_auth') } });
    expect(JSON.stringify(posted)).not.toContain('xoxb');
  });

  it('faults when nobody is there, when nobody answers, and when the secret cannot be read', async () => {
    const secret = () => Promise.resolve(ok(bench.slack.secret));
    const nobody = createSlackNotifier({ clock, apiUrl: 'http://127.0.0.1:9/', secret });
    expect((await nobody.ask(view(), CHANNEL)).ok).toBe(false);
    const noSecret = createSlackNotifier({
      clock,
      apiUrl: bench.slack.apiUrl(),
      secret: () => Promise.resolve(err({ message: 'no secret' })),
    });
    expect(await noSecret.ask(view(), CHANNEL)).toEqual(err({ retryAfterSeconds: 0, message: 'no secret' }));
  });
});

describe('an address to answer to', () => {
  it.each([
    ['https://hooks.slack.com/actions/T1/2/x', 'https://slack.com/api/', true],
    ['https://slack.com/x', 'https://slack.com/api/', true],
    ['http://hooks.slack.com/actions', 'https://slack.com/api/', false],
    ['https://hooks.slack.com.evil.example/', 'https://slack.com/api/', false],
    ['https://evilhooks.slack.com/', 'https://slack.com/api/', false],
    ['https://hooks.slack.com@evil.example/', 'https://slack.com/api/', false],
    ['https://user@hooks.slack.com/', 'https://slack.com/api/', false],
    ['https://hooks.slack.com:8443/', 'https://slack.com/api/', false],
    ['http://169.254.169.254/latest/meta-data', 'https://slack.com/api/', false],
    ['file:///etc/passwd', 'https://slack.com/api/', false],
    ['not an address', 'https://slack.com/api/', false],
    ['http://127.0.0.1:8787/slack-api/response/r.1', 'http://127.0.0.1:8787/slack-api/', true],
    ['http://127.0.0.1:8788/', 'http://127.0.0.1:8787/slack-api/', false],
  ])('%s is Slack’s for %s: %s', (address, apiUrl, expected) => {
    expect(isSlackAddress(address, apiUrl)).toBe(expected);
  });
});
