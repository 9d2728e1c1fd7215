import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it, vi } from 'vitest';
import { runCli } from '../../../infra/cli/main.ts';
import { readChain } from '../../../shared/gateway/record/archive-object.ts';
import type { World } from '../world.ts';

type Json = Record<string, unknown>;

export function stopAndLeaseCases(world: () => World): void {
  const call = async (method: string, path: string, who: string, body?: Json): Promise<Json> => {
    const authorization = `Bearer ${await world().stack.tokenFor(who)}`;
    const response = await world().raw(path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ...((await response.json()) as Json), http: response.status };
  };
  const ask = (statement: string, who = 'ci-agent') =>
    call('POST', '/v1/execute', who, { connection: 'orders', statement, reason: 'A test' });
  const paid = (id: number) => ask(`UPDATE orders SET status = 'paid' WHERE id = ${id}`);
  const runs = (piece: string): number =>
    world()
      .stack.services.rdsData.reached()
      .filter(({ sql }) => sql.includes(piece)).length;
  /** What the command prints, as a person of that name. */
  const countersign = async (who: string, ...words: string[]): Promise<{ code: number; out: string }> => {
    const out: string[] = [];
    const spies = (['log', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...given: unknown[]) => void out.push(given.join(' '))),
    );
    const token = await world().stack.tokenFor(who);
    try {
      return { code: await runCli([...words, '--url', world().stack.url, '--token', token]), out: out.join('\n') };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  };

  it('joins the same statement that waits, in one session and one run', async () => {
    const first = await paid(41);
    const again = await paid(41);
    expect([first['http'], again['http']]).toEqual([202, 202]);
    expect(again).toMatchObject({ session: first['session'], joined: true });
    expect(first).not.toHaveProperty('joined');
    const path = `/v1/sessions/${String(first['session'])}`;
    expect(await call('POST', `${path}/deny`, 'dba-1', { seal: first['seal'], comment: 'Not now.' })).toMatchObject({
      state: 'denied',
    });
    expect((await paid(41))['session']).not.toBe(first['session']);
  });

  it('lets an approver answer for a shape within bounds, lists the lease, and takes it back at once', async () => {
    const first = await paid(42);
    const shape = (first['approval'] as { shape: { constants: Json[] } }).shape;
    expect(shape.constants).toEqual([
      { type: 'text', value: 'paid' },
      { type: 'integer', value: '42' },
    ]);
    const lease = { minutes: 5, runs: 3, rows: 10, parameters: [{ index: 1, min: 40, max: 49 }] };
    const vote = await call('POST', `/v1/sessions/${String(first['session'])}/approve`, 'dba-1', {
      seal: first['seal'],
      lease,
    });
    expect(vote).toMatchObject({ http: 200, state: 'approved', lease: expect.stringMatching(/^lease_/) as string });
    expect(await paid(43)).toMatchObject({ http: 200, status: 'succeeded', result: { rowCount: 1 } });
    expect(await paid(50)).toMatchObject({ http: 202 });
    expect(await ask("UPDATE orders SET status = 'open' WHERE id = 44")).toMatchObject({ http: 202 });
    expect(await ask("UPDATE orders SET status = 'paid' WHERE id >= 44")).toMatchObject({ http: 202 });
    const listed = await call('GET', '/v1/leases', 'ci-agent');
    expect(listed).toMatchObject({
      leases: [{ id: vote['lease'], by: 'dba-1', runs: 3, runsLeft: 2, rows: 10, rowsLeft: 9 }],
    });
    expect((await countersign('dba-2', 'leases', 'revoke', String(vote['lease']))).code).toBe(0);
    expect(await paid(45)).toMatchObject({ http: 202 });
    expect(runs('WHERE id = 45')).toBe(0);
  });

  it('stops a connection from the command line: nothing runs, what waits is cancelled, and it is archived who did it', async () => {
    const waiting = await paid(46);
    expect(await countersign('dba-1', 'stop', '--connection', 'orders')).toMatchObject({ code: 1 });
    const stopped = await countersign('lead', 'stop', '--connection', 'orders', '--reason', 'Too many updates');
    expect(stopped.code).toBe(0);
    const [id = ''] = stopped.out.split('\n');
    expect(await ask('SELECT 46 AS stopped')).toMatchObject({ http: 403, code: 'stopped', reason: 'connection' });
    expect(await paid(46)).toMatchObject({ http: 403, code: 'stopped' });
    const path = `/v1/sessions/${String(waiting['session'])}`;
    expect(await call('GET', path, 'ci-agent')).toMatchObject({
      status: 'cancelled',
      ended: { by: 'lead', why: 'Stopped by lead: Too many updates' },
    });
    expect((await countersign('lead', 'stops')).out).toContain(`${id}  connection orders  lead`);
    expect((await countersign('lead', 'resume', id)).code).toBe(0);
    expect(await ask('SELECT 46 AS resumed')).toMatchObject({ http: 200 });
    expect([runs('46 AS stopped'), runs('46 AS resumed')]).toEqual([0, 1]);
    const chain = await archived(id);
    expect(chain).toMatchObject({ ok: true, value: { events: [{ type: 'stopped', by: 'lead' }] } });
  });

  async function archived(id: string) {
    const { stack } = world();
    const client = new S3Client({
      endpoint: stack.environment['AWS_ENDPOINT_URL_S3'] ?? '',
      region: 'eu-west-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const fn = Object.values(stack.lambda.functions).find(({ name }) => name === 'archive-sessions');
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    const key = `sessions/${day}/${id}.ndjson.gz`;
    return vi.waitFor(
      async () => {
        const found = await client.send(new GetObjectCommand({ Bucket: fn?.environment['ARCHIVE_BUCKET'], Key: key }));
        return readChain(key, (await found.Body?.transformToByteArray()) ?? new Uint8Array());
      },
      { timeout: 20_000, interval: 200 },
    );
  }
}
