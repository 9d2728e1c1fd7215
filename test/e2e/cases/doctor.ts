import { expect, it } from 'vitest';
import * as z from 'zod';
import { cli } from '../../support/run-cli.ts';
import type { World } from '../world.ts';

const reportSchema = z.object({
  findings: z.array(z.object({ check: z.string(), about: z.string(), state: z.string(), says: z.string() })),
});

/** The gateway looked at from outside, and its numbers. */
export function doctorCases(world: () => World): void {
  it('is found well by the doctor, each thing by name', async () => {
    const { code, out, err } = await cli('doctor', '--state', world().stack.state, '--json');
    const { findings } = reportSchema.parse(JSON.parse(out));
    expect(findings.filter(({ state }) => state === 'wrong')).toEqual([]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const well = findings.filter(({ state }) => state === 'ok').map(({ check }) => check);
    expect([...new Set(well)].sort()).toEqual(
      expect.arrayContaining(['clock', 'configuration', 'data-api', 'gateway', 'issuer', 'slack']) as string[],
    );
    // There is no IAM on a laptop, and the doctor says so instead of calling it well.
    expect(findings.filter(({ check }) => check === 'secret').map(({ state }) => state)).toContain('unknown');
  });

  it('tells what it counted to a Prometheus on the same machine', async () => {
    await world().agent.execute({ connection: 'orders', statement: 'SELECT id FROM customers LIMIT 1' });
    const numbers = () => fetch(`${world().stack.url}/metrics`);
    // A thread's output arrives a little after its answer.
    await expect.poll(async () => (await numbers()).text()).toMatch(/^countersign_target_time_seconds_count [1-9]/m);
    const answer = await numbers();
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await answer.text();
    const requests = /^countersign_requests_total (\d+)$/m.exec(text)?.[1];
    expect(Number(requests)).toBeGreaterThan(0);
  });
}
