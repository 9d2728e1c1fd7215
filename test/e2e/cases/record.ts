import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ocsfSchema } from '../../../infra/cli/export/ocsf-schema.ts';
import { cli } from '../../support/run-cli.ts';
import type { World } from '../world.ts';

/** The record from its first hour: signed by KMS, verified, shown, exported and held from the command line. */
export function recordCases(world: () => World): void {
  const invoke = async (name: string): Promise<unknown> => {
    const { lambda, plan } = world().stack;
    const arn = plan.schedules.find(({ functionArn }) => functionArn.endsWith(`:${name}`))?.functionArn ?? '';
    const outcome = await lambda.invoke(arn, {});
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
    return outcome.value;
  };

  it('signs digests with the key of the stack, and is verified, replayed, exported and held from the command line', async () => {
    const out = mkdtempSync(join(tmpdir(), 'countersign-record-'));
    const state = ['--state', world().stack.state];
    try {
      const { session = '' } = await world().agent.execute({
        connection: 'orders',
        statement: 'SELECT email FROM customers LIMIT 2',
      });
      expect(await invoke('write-digest')).toMatchObject({ written: 1 });
      expect(await invoke('write-digest')).toMatchObject({ written: 0 });

      const key = await cli('key', ...state);
      expect(key.out).toMatch(/^-----BEGIN PUBLIC KEY-----/);
      writeFileSync(join(out, 'key.pem'), key.out);
      const verify = () => cli('verify', '--public-key', join(out, 'key.pem'), '--json', ...state);
      const report = JSON.parse((await archived(verify)).out) as Record<string, number>;
      expect(report).toMatchObject({ intact: true, digests: 1 });

      const shown = await cli('sessions', 'show', session, '--as', 'auditor', ...state);
      expect(shown.out).toMatch(
        /sql:select public\.customers[\s\S]*succeeded, 2 rows[\s\S]*before masking: hmac [0-9a-f]{64}, key [0-9a-f]{16}\s[\s\S]*email\*/,
      );
      const listed = await cli(
        'sessions',
        'list',
        '--as',
        'auditor',
        '--text',
        'FROM customers LIMIT 2',
        '--json',
        ...state,
      );
      expect(listed.out).toContain(session);

      const exported = await cli(
        'sessions',
        'export',
        '--format',
        'ocsf',
        '--out',
        join(out, 'ocsf'),
        '--json',
        ...state,
      );
      expect(exported.code).toBe(0);
      const { files } = JSON.parse(exported.out) as { files: { path: string }[] };
      const file = files.findLast(({ path }) => !path.startsWith('acts/'));
      const events = readFileSync(join(out, 'ocsf', file?.path ?? ''), 'utf8')
        .trimEnd()
        .split('\n');
      const own = events
        .map((line) => ocsfSchema.parse(JSON.parse(line)))
        .find(({ metadata }) => metadata.correlation_uid === session);
      expect(own).toMatchObject({
        class_uid: 6005,
        activity_name: 'Query',
        database: { name: 'orders' },
        table: { name: 'public.customers' },
      });

      expect(await cli('hold', session, ...state)).toMatchObject({
        code: 0,
        out: expect.stringContaining(session) as string,
      });
      expect(await cli('hold', session, '--release', ...state)).toMatchObject({ code: 0 });
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
}

/** The stream archives within a second or two. */
async function archived<T extends { out: string }>(verify: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const run = await verify();
    if ((JSON.parse(run.out) as { unproven: number }).unproven > 0) return run;
    await sleep(200);
  }
  return verify();
}
