import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { startStack } from '../../infra/local/stack.ts';
import type { RunningStack } from '../../infra/local/stack.ts';

/** The whole embedded stack on a port and a state folder of its own, with the demo configuration. */
let folder: string;
let stack: RunningStack;

const session = z.looseObject({ session: z.string(), status: z.string() });
const messages = z.object({
  messages: z.array(
    z.looseObject({
      channel: z.string(),
      ts: z.string(),
      blocks: z.array(
        z.looseObject({
          type: z.string(),
          block_id: z.string().optional(),
          elements: z.array(z.looseObject({ action_id: z.string().optional() })).optional(),
        }),
      ),
    }),
  ),
});

const as = async (name: string) => ({
  authorization: `Bearer ${await stack.tokenFor(name)}`,
  'content-type': 'application/json',
});
const execute = async (statement: string) => {
  const body = JSON.stringify({ connection: 'orders', statement, reason: 'a test' });
  const response = await fetch(`${stack.url}/v1/execute`, { method: 'POST', headers: await as('ci-agent'), body });
  return { status: response.status, body: session.parse(await response.json()) };
};
const asked = async () => {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = messages.parse(await (await fetch(`${stack.url}/slack/api/messages`)).json()).messages.at(-1);
    if (found !== undefined) return found;
    await delay(50);
  }
  throw new Error('nobody was asked');
};
const approve = async (user: string) => {
  const { channel, ts, blocks } = await asked();
  const actions = blocks.find((block) => block.type === 'actions');
  const press = { channel, ts, user, block: actions?.block_id ?? '', action: actions?.elements?.[0]?.action_id ?? '' };
  await fetch(`${stack.url}/slack/api/press`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(press),
  });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-stack-'));
  stack = await startStack({ state: join(folder, 'state'), port: 0 });
}, 120_000);
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the embedded stack', () => {
  test('says in stack.json where it is, readable by nobody else', () => {
    const path = join(stack.state, 'stack.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ url: stack.url, pid: process.pid });
  });

  test('routes a request to the function that the template names', async () => {
    const response = await fetch(`${stack.url}/healthz`);
    expect(response.status).toBe(200);
  });

  test('refuses a second copy on the same state, and a port that is taken, and leaves the first alone', async () => {
    await expect(startStack({ state: stack.state, port: 0 })).rejects.toThrow('uses the state in');
    const port = Number(new URL(stack.url).port);
    await expect(startStack({ state: join(folder, 'other'), port })).rejects.toThrow('in use');
    expect(existsSync(join(folder, 'other', 'lock'))).toBe(false);
    expect((await fetch(`${stack.url}/healthz`)).status).toBe(200);
  });

  test(
    'a question that waits for a person survives a restart, and the approved statement then runs',
    { timeout: 120_000 },
    async () => {
      const { status, body } = await execute('DELETE FROM payments WHERE id = 41');
      expect([status, body.status]).toEqual([202, 'pending_approval']);
      await asked();
      const port = Number(new URL(stack.url).port);
      await stack.close();
      expect(existsSync(join(stack.state, 'stack.json'))).toBe(false);

      stack = await startStack({ state: stack.state, port });
      expect(stack.databases.map(({ seed }) => seed)).not.toContain('seeded');
      await approve('U0DBA00001');
      let ended = body;
      for (let tries = 0; tries < 5 && ended.status !== 'succeeded'; tries += 1) {
        const response = await fetch(`${stack.url}/v1/sessions/${body.session}?wait=10`, {
          headers: await as('ci-agent'),
        });
        ended = session.parse(await response.json());
      }
      expect(ended.status).toBe('succeeded');
      expect(stack.services.rdsData.reached().filter(({ sql }) => sql.includes('DELETE FROM payments'))).toHaveLength(
        1,
      );
    },
  );
});
