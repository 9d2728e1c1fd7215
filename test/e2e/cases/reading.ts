import { expect, it } from 'vitest';
import type { World } from '../world.ts';

type Json = Record<string, unknown>;

export function readingCases(world: () => World): void {
  const get = async (path: string, who?: string): Promise<Json> => {
    const headers: Record<string, string> =
      who === undefined ? {} : { authorization: `Bearer ${await world().stack.tokenFor(who)}` };
    const response = await world().raw(path, { headers });
    return { ...((await response.json()) as Json), http: response.status };
  };
  const sessions = (page: Json): Json[] => page['sessions'] as Json[];

  it('shows an agent its own, an auditor everybody’s, another agent nothing', async () => {
    const { session } = await world().agent.execute({
      connection: 'orders',
      statement: 'SELECT 4711 AS marker',
      context: { pipeline: 'run-1' },
    });
    expect(await get(`/v1/sessions/${session ?? ''}`, 'ci-agent')).toMatchObject({ http: 200, chain: { valid: true } });
    expect(await get(`/v1/sessions/${session ?? ''}`, 'auditor')).toMatchObject({ http: 200 });
    expect(await get(`/v1/sessions/${session ?? ''}`, 'other-agent')).toMatchObject({
      http: 404,
      code: 'session_not_found',
    });
    expect(await get(`/v1/sessions/${session ?? ''}`, 'dba-1')).toMatchObject({ http: 404 });
    expect(await get(`/v1/sessions/${session ?? ''}`)).toMatchObject({ http: 401 });
    expect(sessions(await get('/v1/sessions?text=4711', 'ci-agent')).map((one) => one['session'])).toEqual([session]);
    expect(sessions(await get('/v1/sessions?pipeline=run-1', 'auditor')).map((one) => one['session'])).toEqual([
      session,
    ]);
    expect(sessions(await get('/v1/sessions?text=4711', 'other-agent'))).toEqual([]);
    expect(await get('/v1/sessions?txet=4711', 'ci-agent')).toMatchObject({ http: 400, member: 'txet' });
    expect(await get('/v1/sessions', 'dba-1')).toMatchObject({ http: 403 });
  });

  it('pages through sessions without losing or repeating one', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await get(`/v1/sessions?limit=7${cursor}`, 'auditor');
      seen.push(...sessions(page).map((one) => String(one['session'])));
      cursor = page['next'] === undefined ? '' : `&cursor=${page['next'] as string}`;
    } while (cursor !== '');
    expect(seen.length).toBeGreaterThan(10);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('lists the connections a caller may reach, and never where they point', async () => {
    const own = await get('/v1/connections', 'ci-agent');
    expect((own['connections'] as Json[]).map((one) => one['name'])).toEqual(['orders', 'shop']);
    expect(JSON.stringify(own)).not.toContain('arn:');
  });

  it('says what would happen, and runs nothing', async () => {
    const before = world().stack.services.rdsData.reached().length;
    const headers = {
      authorization: `Bearer ${await world().stack.tokenFor('ci-agent')}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ connection: 'orders', statement: 'SELECT email AS x FROM customers' });
    const response = await world().raw('/v1/check', { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({
      decision: { verdict: 'allow' },
      columns: [{ name: 'x', masked: true, class: 'pii.email' }],
    });
    const reached = world().stack.services.rdsData.reached().slice(before);
    expect(reached.filter(({ sql }) => sql.includes('email AS x'))).toEqual([]);
  });

  it('is alive and describes itself without a token', async () => {
    expect(await get('/healthz')).toMatchObject({ http: 200, status: 'ok' });
    expect(await get('/v1/openapi.json')).toMatchObject({ openapi: '3.1.1' });
  });
}
