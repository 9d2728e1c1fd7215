import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { createSlackPerson } from '../../../infra/local/demo/slack-person.ts';
import { cli } from '../../support/run-cli.ts';
import type { World } from '../world.ts';

/** `countersign exec`, `check` and `wait`, as a CI job types them. */
export function commandLineCases(world: () => World): void {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-agent-cli-'));
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const asAgent = async (): Promise<void> => {
    vi.stubEnv('COUNTERSIGN_URL', world().stack.url);
    vi.stubEnv('COUNTERSIGN_TOKEN', await world().stack.tokenFor('ci-agent'));
  };
  const paid = (id: number) => `UPDATE orders SET status = 'paid' WHERE id = ${String(id)}`;
  const dana = () => createSlackPerson(world().stack.url, 'U0DBA00001');

  it('prints rows as a table, masked columns with a star, and one line of JSON where asked', async () => {
    await asAgent();
    const file = join(folder, 'read.sql');
    writeFileSync(file, 'SELECT id, email FROM customers WHERE id = :id');
    const table = await cli('exec', 'orders', '--file', file, '--params', '{"id":1}');
    expect(table).toMatchObject({ code: 0, err: '' });
    expect(table.out).toMatch(/^id +email\*\n1 +\[masked:pii\.email\]\n\(1 row\)\n$/);
    const json = await cli('exec', 'orders', 'SELECT 1 AS one', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ status: 'succeeded', result: { rows: [[1]] } });
  });

  it('ends with 3 and the words of the policy when it is blocked, also for a check', async () => {
    await asAgent();
    const blocked = await cli('exec', 'orders', 'DROP TABLE customers');
    expect(blocked).toMatchObject({ code: 3, out: '' });
    expect(blocked.err).toContain('open a migration in the schema repository instead');
    expect(await cli('check', 'orders', 'DROP TABLE customers')).toMatchObject({ code: 3 });
    const asked = await cli('check', 'orders', paid(41), '--reason', 'A test');
    expect(asked).toMatchObject({ code: 6 });
    expect(asked.out).toMatch(/^approval\n/);
    expect(await cli('check', 'orders', 'SELECT 1')).toMatchObject({ code: 0 });
  });

  it('ends with 6 where it should not wait, and wait goes on until a person has decided', async () => {
    await asAgent();
    const waiting = await cli('exec', 'orders', paid(42), '--reason', 'A test', '--no-wait');
    expect(waiting).toMatchObject({ code: 6, out: '' });
    expect(waiting.err).toContain('Nothing has run. Needed: 1 more of dba');
    const [, session = ''] = /countersign wait (ses_\w+)/.exec(waiting.err) ?? [];
    const waited = cli('wait', session, '--wait', '40');
    await dana().press(session, 'approve');
    expect(await waited).toMatchObject({ code: 0, out: '(1 row)\n' });
    const again = ['exec', 'orders', paid(43), '--reason', 'A test', '--key', 'cli-43'];
    const asked = await cli(...again, '--no-wait', '--json');
    await dana().press((JSON.parse(asked.out) as { session: string }).session, 'deny', 'Not now.');
    const denied = await cli(...again, '--wait', '40');
    expect(denied).toMatchObject({ code: 4 });
    expect(denied.err).toContain('Not now.');
  });

  it("takes its token from GitHub's runner, from a file or from a command, and says what is missing", async () => {
    vi.stubEnv('COUNTERSIGN_URL', world().stack.url);
    const token = await world().stack.tokenFor('ci-agent');
    const asked: string[] = [];
    const runner = createServer((request, response) => {
      asked.push(`${String(request.headers.authorization)} ${String(request.url)}`);
      response.end(JSON.stringify({ value: token }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => runner.once('listening', resolve));
    const address = runner.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', `http://127.0.0.1:${String(port)}/token?api-version=2.0`);
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'of-the-job');
    expect(await cli('exec', 'orders', 'SELECT 1 AS one')).toMatchObject({ code: 0 });
    expect(asked).toEqual(['Bearer of-the-job /token?api-version=2.0&audience=countersign']);
    runner.close();
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', undefined);
    const file = join(folder, 'token');
    writeFileSync(file, `${token}\n`);
    expect(await cli('exec', 'orders', 'SELECT 1 AS one', '--token-file', file)).toMatchObject({ code: 0 });
    expect(await cli('exec', 'orders', 'SELECT 1 AS one', '--token-command', `cat ${file}`)).toMatchObject({ code: 0 });
    const lost = await cli('exec', 'orders', 'SELECT 1');
    expect(lost.code).toBe(2);
    expect(lost.err).toContain('id-token: write');
    expect((await cli('exec', 'orders', 'SELECT 1', '--token-file', join(folder, 'none'))).err).toContain(
      'gave no token',
    );
  });
}
