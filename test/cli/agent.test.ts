import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plain, table } from '../../infra/cli/table.ts';
import { cli } from '../support/run-cli.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (status: number, body: object): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const cutOff: Answer = (request) => {
  request.socket.destroy();
};
const never: Answer = () => undefined;

const ID = 'ses_01m7ykdjj7t1dm5bmzp46yntmj';
const DETAIL = 'Nothing has run. Needed: 1 more of dba, until noon. Poll `links.poll`; do not send it again.';
const waiting = json(202, { session: ID, status: 'pending_approval', approval: { detail: DETAIL } });
const done = json(200, {
  session: ID,
  status: 'succeeded',
  result: { columns: [{ name: 'n', type: 'int4', masked: false }], rows: [[7]], rowCount: 1, truncated: false },
});
const problem = (status: number, code: string): Answer =>
  json(status, { status, code, title: 'A title', detail: 'A detail.', session: ID });

/** A gateway that answers by script: what a real one does too seldom to wait for. */
describe('exec and wait', () => {
  let script: Answer[] = [];
  let asked: { line: string; authorization: string; key: string }[] = [];
  const server = createServer((request, response) => {
    const { authorization = '', 'idempotency-key': key } = request.headers;
    asked.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, authorization, key: String(key) });
    (script.shift() ?? never)(request, response);
  });
  const folder = mkdtempSync(join(tmpdir(), 'countersign-agent-'));
  let url = '';
  beforeEach(async () => {
    [script, asked] = [[], []];
    if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}`;
    vi.stubEnv('COUNTERSIGN_URL', url);
    vi.stubEnv('COUNTERSIGN_TOKEN', 'a.b.c');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    [3, problem(403, 'blocked_by_policy')],
    [3, problem(403, 'stopped')],
    [4, problem(403, 'approval_denied')],
    [5, problem(403, 'approval_expired')],
    [7, problem(504, 'unknown_outcome')],
    [1, problem(422, 'target_error')],
    [1, problem(409, 'session_cancelled')],
  ])('end with %i, whether it comes at once or after a wait', async (code, end) => {
    script = [end, waiting, end];
    const atOnce = await cli('exec', 'orders', 'SELECT 1');
    expect(atOnce).toMatchObject({ code, out: '', err: `A title: A detail.\nSession: ${ID}\n` });
    const later = await cli('exec', 'orders', 'SELECT 1', '--json');
    expect(later.code).toBe(code);
    expect(JSON.parse(later.out)).toMatchObject({ session: ID, title: 'A title' });
    expect(later.err).toBe('Nothing has run. Needed: 1 more of dba, until noon.\n');
  });

  it('go on waiting when a connection is lost or the gateway cannot say, under one key', async () => {
    const busy = json(429, { code: 'rate_limited', detail: 'Later.' });
    script = [cutOff, waiting, cutOff, busy, waiting, done];
    const { code, out, err } = await cli('exec', 'orders', 'SELECT 7 AS n', '--key', 'mine');
    expect({ code, out }).toEqual({ code: 0, out: 'n\n7\n(1 row)\n' });
    expect(err).toContain('The gateway cannot say now (HTTP 429).\n');
    expect(asked.slice(0, 2).map(({ key }) => key)).toEqual(['mine', 'mine']);
    expect(asked.slice(2).every(({ line }) => line.startsWith(`GET /v1/sessions/${ID}?wait=`))).toBe(true);
  }, 20_000);

  it('fetch a token that is about to end anew, and where they cannot, say how to come back', async () => {
    vi.stubEnv('COUNTERSIGN_TOKEN', undefined);
    const count = join(folder, 'count');
    writeFileSync(count, '');
    const claims = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1_000) + 30 })).toString('base64url');
    const command = `printf x >> ${count}; printf 'h.${claims}.n%s' "$(wc -c < ${count} | tr -d ' ')"`;
    script = [waiting, waiting, done];
    expect(await cli('exec', 'orders', 'SELECT 7', '--token-command', command)).toMatchObject({ code: 0 });
    expect(new Set(asked.map(({ authorization }) => authorization)).size).toBe(3);
    expect(readFileSync(count, 'utf8')).toBe('xxx');
    vi.stubEnv('COUNTERSIGN_TOKEN', 'a.b.c');
    script = [waiting, problem(401, 'unauthenticated')];
    const ended = await cli('exec', 'orders', 'SELECT 7');
    expect(ended).toMatchObject({ code: 6, out: '' });
    expect(ended.err).toContain('The token is no longer good');
    expect(ended.err).toContain(`countersign wait ${ID}`);
  });

  it.each([
    ['while people are asked', [waiting], `countersign wait ${ID}`],
    ['before there is an answer', [], '--key mine finds out, and runs nothing twice'],
  ])(
    'say what to do when they are interrupted %s',
    async (_, answers, words) => {
      script = [...answers];
      const main = join(import.meta.dirname, '..', '..', 'infra', 'cli', 'main.ts');
      const child = spawn(process.execPath, [main, 'exec', 'orders', 'SELECT 7', '--key', 'mine', '--json']);
      const said: string[] = [];
      child.stderr.on('data', (text: Buffer) => said.push(String(text)));
      await vi.waitFor(() => {
        expect(asked).toHaveLength(answers.length + 1);
      }, 20_000);
      child.kill('SIGINT');
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code).toBe(130);
      expect(said.join('')).toContain('Interrupted: ');
      expect(said.join('')).toContain(words);
    },
    30_000,
  );

  it.each([
    [['exec', 'orders', 'SELECT 1', '--url', 'gateway.example'], 'is not the address of a gateway'],
    [['exec', 'orders', '--file', join(tmpdir(), 'none', 'none.sql')], 'cannot be read'],
    [['exec', 'orders', 'SELECT 1', '--body', join(tmpdir(), 'none', 'none.json')], 'cannot be read'],
    [['exec', 'orders', 'SELECT 1', '--token-file', join(tmpdir(), 'none', 'token')], 'gave no token'],
    [['exec', 'orders', 'SELECT :a', '--param', 'a'], 'write name=value'],
    [['exec', 'orders', 'SELECT 1', '--params', '{'], 'is not JSON'],
    [['exec', 'orders', 'SELECT 1', '--file', 'x'], 'not both'],
    [['exec', 'orders', 'SELECT 1', '--wait', '1.5'], 'whole seconds'],
  ])('end with 2 where something was typed wrongly: %j', async (words, said) => {
    if (words.includes('--token-file')) vi.stubEnv('COUNTERSIGN_TOKEN', undefined);
    const ran = await cli(...words);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(said);
    expect(asked).toEqual([]);
  });
});

/** C0, DEL and C1. */
const CONTROLS = Array.from({ length: 0xa0 }, (_, code) => code).filter((code) => code < 0x20 || code >= 0x7f);

describe('the table', () => {
  const of = (rows: readonly (readonly string[])[], name = 'c') =>
    table({
      columns: [{ name, type: 'text', masked: false }],
      rows,
      rowCount: rows.length,
      truncated: false,
    });

  it('writes out whatever would move, colour, hide or turn around what a terminal shows', () => {
    for (const code of CONTROLS) {
      const shown = plain(`a${String.fromCodePoint(code)}b`);
      if (code !== 0x09 && code !== 0x0a) expect(shown).toBe(`a\\u${code.toString(16).padStart(4, '0')}b`);
    }
    for (const hidden of ['\u202e', '\u2066', '\u200b', '\u2028', '\ufeff', '\ud800', '\u{e0041}', '\u061c'])
      expect(plain(hidden)).toBe(`\\u${(hidden.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
    const [head, row] = of([['\x1b]0;title\x07\x1b[2J']], '\x1b[31mred');
    // oxlint-disable-next-line no-control-regex -- their absence is what is shown
    expect(`${head ?? ''}${row ?? ''}`).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('keeps columns in line under wide letters, cuts between letters, and tells null from nothing', () => {
    const lines = table({
      columns: ['a', 'b'].map((name) => ({ name, type: 'text', masked: false })),
      rows: [
        ['日本', 'x'],
        ['née', null],
        ['👩‍👩‍👧', ''],
      ],
      rowCount: 3,
      truncated: false,
    });
    expect(lines).toEqual(['a     b', '日本  x', 'née   null', '👩‍👩‍👧', '(3 rows)']);
    expect(of([['👍🏽'.repeat(1_000)]])[1]).toBe(`${'👍🏽'.repeat(29)}…`);
    expect(of([['x'.repeat(1_000_000)]])[1]).toBe(`${'x'.repeat(59)}…`);
    expect(of(Array.from({ length: 51 }, () => ['x'])).at(-1)).toBe('(51 rows, 50 shown; --json prints all that came)');
  });
});
