import { readdirSync, readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';
import type { World } from '../world.ts';

/** What the seed gave the customer with this id; a value that no answer may hold, nor anything that is kept of one. */
const CUSTOMER = 1;
const CANARY = 'bruno.hughes1@example.org';

/** Every file under a folder as text, unpacked where it is packed. */
function textsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    .map((bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8'));
}

/** What is masked for the agent is masked wherever else it goes, and a database can be looked through for what to mask. */
export function maskingCases(world: () => World): void {
  it('keeps a classified value out of Slack, logs, archive, stored workflow and every export', async () => {
    const { agent, stack } = world();
    const out = mkdtempSync(join(tmpdir(), 'countersign-canary-'));
    const seen = [
      await agent.execute({ connection: 'orders', statement: `SELECT * FROM customers WHERE id = ${CUSTOMER}` }),
      await agent.execute({
        connection: 'orders',
        statement: `SELECT email::int FROM customers WHERE id = ${CUSTOMER}`,
      }),
      await agent.execute({
        connection: 'orders',
        statement: `UPDATE customers SET city = 'Porto' WHERE id = ${CUSTOMER} RETURNING *`,
        reason: 'The preview of this shows its rows to people',
      }),
    ];
    expect(seen.map(({ http }) => http)).toEqual([200, 403, 202]);
    try {
      await expect
        .poll(async () => (await fetch(`${stack.url}/slack/api/messages`)).text(), { timeout: 10_000 })
        .toContain(seen[2]?.session);
      await expect
        .poll(() => textsUnder(join(stack.state, 's3')).join('\n'), { timeout: 10_000 })
        .toContain(seen[0]?.session);
      for (const format of ['ndjson', 'csv', 'ocsf']) {
        const folder = join(out, format);
        const run = await cli('sessions', 'export', '--format', format, '--out', folder, '--state', stack.state);
        expect(run.code).toBe(0);
      }
      const slack = await (await fetch(`${stack.url}/slack/api/messages`)).text();
      const places = {
        answers: JSON.stringify(seen),
        slack,
        s3: textsUnder(join(stack.state, 's3')).join('\n'),
        logs: textsUnder(join(stack.state, 'log')).join('\n'),
        workflow: textsUnder(join(stack.state, 'workflow')).join('\n'),
        table: textsUnder(join(stack.state, 'dynamodb')).join('\n'),
        exports: textsUnder(out).join('\n'),
      };
      expect(places.exports).toContain(seen[0]?.session);
      for (const [place, text] of Object.entries(places))
        expect([place, text.includes(CANARY)]).toEqual([place, false]);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });

  it('proposes classes for a database that is looked through by the gateway itself', async () => {
    const run = await cli(
      'classify',
      'orders',
      '--as',
      'ci-agent',
      '--rows',
      '50',
      '--json',
      '--state',
      world().stack.state,
    );
    // The demo's three classified columns are all that its detectors find to classify.
    expect(JSON.parse(run.out)).toMatchObject({ tables: 5, classified: 3, proposals: [], unread: [] });
    expect(run.out + run.err).not.toContain('@example.org');
  });
}
