import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gatewaySchema } from '../../shared/contracts/config/gateway.ts';
import { mrkdwnToHtml } from '../../infra/local/slack/mrkdwn.ts';
import { renderMessage } from '../../infra/local/slack/render.ts';
import { loadSlackSettings } from '../../infra/local/slack/settings.ts';
import { corpus } from '../support/corpora.ts';
import { CHANNEL, DBA, startBench } from './parts.ts';
import type { Bench } from './parts.ts';
import { view } from './views.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

async function call(method: string, body: string | object, headers: Record<string, string> = {}): Promise<unknown> {
  const form = typeof body === 'string';
  const response = await fetch(bench.slack.apiUrl() + method, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${bench.slack.secret.botToken}`,
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      ...headers,
    },
    body: form ? body : JSON.stringify(body),
  });
  return response.json();
}

describe('the Web API', () => {
  it.each<[string, string, object, string]>([
    ['chat.postMessage', 'to a channel that is not there', { channel: 'C0NOWHERE1', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', 'without anything to say', { channel: CHANNEL }, 'no_text'],
    [
      'chat.postMessage',
      'with 51 blocks',
      { channel: CHANNEL, blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) },
      'invalid_blocks',
    ],
    [
      'chat.postMessage',
      'with a section of 3,001 characters',
      { channel: CHANNEL, blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }] },
      'invalid_blocks',
    ],
    [
      'chat.postMessage',
      'with blocks too long together',
      {
        channel: CHANNEL,
        blocks: Array.from({ length: 5 }, () => ({
          type: 'section',
          text: { type: 'mrkdwn', text: 'x'.repeat(2_900) },
        })),
      },
      'msg_blocks_too_long',
    ],
    [
      'chat.update',
      'of a message that is not there',
      { channel: CHANNEL, ts: '1.000001', text: 'x' },
      'message_not_found',
    ],
    [
      'views.open',
      'with a trigger nobody gave',
      {
        trigger_id: 'x',
        view: { type: 'modal', title: { type: 'plain_text', text: 't' }, blocks: [{ type: 'divider' }] },
      },
      'invalid_trigger_id',
    ],
    ['files.upload', 'that it does not play', {}, 'unknown_method'],
  ])('refuses %s %s as Slack does', async (method, _, body, error) => {
    expect(await call(method, body)).toMatchObject({ ok: false, error });
  });

  it('takes JSON and forms alike', async () => {
    expect(await call('auth.test', {})).toMatchObject({ ok: true, team_id: 'T0ACME0001' });
    expect(await call('conversations.info', `channel=${CHANNEL}`)).toMatchObject({
      ok: true,
      channel: { name: 'dba-approvals' },
    });
  });

  it.each([
    ['no token', '', 'invalid_auth'],
    ['another token', 'Bearer xoxb-other', 'invalid_auth'],
  ])('knows nobody with %s', async (_, authorization, error) => {
    expect(await call('auth.test', {}, { authorization })).toMatchObject({ ok: false, error });
  });
});

describe('what is on the page', () => {
  /** Every tag that mrkdwn can become, attributes included; what is left must hold none. */
  const ours =
    /<\/?(?:code|em|s|strong)>|<pre tabindex="0">|<span class="mention">|<time datetime="[^"<>]*" title="[^"<>]*">|<a href="https?:[^"<>]*" target="_blank" rel="noopener noreferrer">|<\/(?:pre|span|time|a)>/g;
  const clean = (html: string) => !/[<>]/.test(html.replace(ours, ''));

  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['an image', '<img src=x onerror=alert(1)>'],
    ['an address that runs', '<javascript:alert(1)|click>'],
    ['an address in disguise', '<&#106;avascript:alert(1)|click>'],
    ['a quote in an address', '<https://x.example/" onclick="alert(1)|click>'],
    ['a date that is none', '<!date^1^{nothing}|<b>>'],
    ['a date with markup', '<!date^1^{time}<b>|"><b>>'],
    ['escaped markup in a code block', '```&lt;script&gt;```'],
  ])('is text where a message holds %s', (_, text) => {
    expect(clean(mrkdwnToHtml(text))).toBe(true);
  });

  it('decodes what the gateway escaped, once', () => {
    expect(mrkdwnToHtml('`&amp;lt;b&amp;gt; &lt;i&gt;`')).toBe('<code>&#38;lt;b&#38;gt; &#60;i&#62;</code>');
    expect(mrkdwnToHtml('*a* <https://x.example/?a=1&amp;b=2|L> `c`')).toContain(
      'href="https://x.example/?a=1&#38;b=2"',
    );
  });

  it('holds no element but those of mrkdwn, whatever is said', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      '`',
      '```',
      '*',
      '_',
      '~',
      '|',
      '\n',
      '<script>',
      '<https://x.example|',
      '<!date^1^{time}|',
      '&lt;',
      'x',
      ' onload=',
    );
    fc.assert(fc.property(fc.string({ unit: pieces, maxLength: 40 }), (text) => clean(mrkdwnToHtml(text))));
  });

  it('holds every naughty string as text', (context) => {
    const folder = corpus('naughty-strings');
    if (folder === undefined) return context.skip('the corpus naughty-strings is not here');
    for (const text of JSON.parse(readFileSync(join(folder, 'blns.json'), 'utf8')) as string[]) {
      const html = renderMessage({
        channel: CHANNEL,
        ts: '1.000001',
        text: '',
        metadata: null,
        blocks: [{ type: 'header', text: { type: 'plain_text', text } }],
      });
      expect(html.split('<h3>')[1]?.split('</h3>')[0] ?? '').not.toMatch(/[<>"]/);
    }
  });

  it('comes under a policy that lets nothing run or load but its own two files', async () => {
    await bench.notifier.ask(view({ statement: "SELECT '<script>alert(1)</script>'" }), CHANNEL);
    const response = await fetch(`${bench.url}/slack`);
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/\sstyle=|\son\w+=|https:\/\//);
    expect(page).toContain('&#60;script&#62;');
  });
});

describe('who may press', () => {
  function raw(method: string, path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(bench.url + path, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject);
      sent.end(method === 'POST' ? '{}' : undefined);
    });
  }
  const json = { 'content-type': 'application/json' };

  it.each<[string, string, string, Record<string, string>]>([
    ['a name rebound to this machine', 'POST', '/slack/api/click', { ...json, host: 'evil.example' }],
    ['the same, reading', 'GET', '/slack/api/messages', { host: 'evil.example:8787' }],
    ['a name that starts like loopback', 'GET', '/slack', { host: '127.0.0.1.evil.example' }],
    ['a page of another origin', 'POST', '/slack/api/click', { ...json, origin: 'https://evil.example' }],
    ['a page without origin', 'POST', '/slack/api/click', { ...json, origin: 'null' }],
    ['a page on another port of this machine', 'POST', '/slack/api/press', { ...json, origin: 'http://127.0.0.1:1' }],
    ['a form, which needs no preflight', 'POST', '/slack/api/click', { 'content-type': 'text/plain' }],
    [
      'what a browser says is cross-site',
      'GET',
      '/slack/api/page',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ],
  ])('is not %s', async (_, method, path, headers) => {
    expect(await raw(method, path, headers)).toBe(403);
  });

  it('is the page itself, and whoever follows a link to it', async () => {
    expect(await raw('POST', '/slack/api/click', { ...json, origin: bench.url, 'sec-fetch-site': 'same-origin' })).toBe(
      400,
    );
    expect(await raw('GET', '/slack', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
  });

  it('presses only a button that stands there now', async () => {
    const posted = await bench.notifier.ask(view(), CHANNEL);
    const ref = posted.ok ? posted.value : { channel: '', ts: '' };
    await bench.notifier.update(view({ status: 'expired' }), ref);
    const pressed = await bench.control('click', { ...ref, user: DBA, action: 'approve' });
    expect(pressed).toEqual({ status: 400, body: { ok: false, error: 'the message has no such button (any more)' } });
    expect(bench.ballots.cast).toEqual([]);
  });
});

describe('what it keeps', () => {
  it('has its messages and its secret after a restart, and what it told one person stays theirs', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'countersign-slack-'));
    const first = await startBench({ stateDir });
    const posted = await first.notifier.ask(view(), CHANNEL);
    await first.control('click', {
      channel: CHANNEL,
      ts: posted.ok ? posted.value.ts : '',
      user: DBA,
      action: 'approve',
    });
    await first.close();
    const second = await startBench({ stateDir });
    expect(second.slack.secret).toEqual(first.slack.secret);
    expect((await second.messages()).map((message) => message.onlyFor)).toEqual([undefined, DBA]);
    const seenBy = async (user: string) => (await fetch(`${second.url}/slack/api/page?user=${user}`)).text();
    expect(await seenBy(DBA)).toContain('Only visible to you');
    expect(await seenBy('U0INTERN01')).not.toContain('Only visible to you');
    await second.close();
    rmSync(stateDir, { recursive: true });
  });
});

describe('its settings', () => {
  const config = join(import.meta.dirname, '..', '..', 'config');
  const gateway = gatewaySchema.parse(parse(readFileSync(join(config, 'gateway.yaml'), 'utf8')));

  it('of the demo name the channels and people that gateway.yaml names, and an intern it does not', () => {
    const loaded = loadSlackSettings(config, gateway);
    if (!loaded.ok) throw new Error(loaded.error);
    const known = new Set(gateway.people.map((person) => person.slack?.user));
    expect(loaded.value.workspace.id).toBe(gateway.slack?.team);
    expect(gateway.groups.flatMap((group) => group.slackChannel ?? [])).toEqual(
      loaded.value.channels.map((channel) => channel.id),
    );
    expect(loaded.value.users.filter((user) => !known.has(user.id)).map((user) => user.name)).toEqual(['intern']);
  });

  it('follow from gateway.yaml where a folder brings none', () => {
    const empty = mkdtempSync(join(tmpdir(), 'countersign-config-'));
    const loaded = loadSlackSettings(empty, gateway);
    rmSync(empty, { recursive: true });
    expect(loaded).toMatchObject({
      ok: true,
      value: {
        channels: [
          { id: CHANNEL, name: 'dba' },
          { id: 'C0PLAT00001', name: 'platform' },
        ],
      },
    });
  });
});
