import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSlackPerson } from '../../../infra/local/demo/slack-person.ts';
import type { GatewayAnswer } from '../../../infra/local/demo/gateway-client.ts';
import type { World } from '../world.ts';

/** Beside the demo's: a yes to changes of customers is good for the rows that were measured, and one row more in ten. */
export const IMPACT_POLICIES = `
@id("customers-as-measured")
@approval("dba") @rows_tolerance("10%")
@message("Changes to customers are approved for the rows that were measured.")
forbid (principal, action in Action::"write", resource == Resource::"orders/relation/public.customers")
unless { context.approvals.contains("dba") };
`;

export function impactCases(world: () => World): void {
  const ask = (statement: string): Promise<GatewayAnswer> =>
    world().agent.execute({ connection: 'orders', statement, reason: 'A test' });
  const seen = async ({ session = '' }: GatewayAnswer): Promise<GatewayAnswer> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const now = await world().agent.session(session);
      if (now.events?.some(({ type }) => type === 'previewed') === true) return now;
      await sleep(100);
    }
    throw new Error('it was never previewed');
  };
  const message = async ({ session = '' }: GatewayAnswer): Promise<string> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const { messages } = (await (await fetch(`${world().stack.url}/slack/api/messages`)).json()) as {
        messages: { text: string }[];
      };
      const found = messages.find((one) => JSON.stringify(one).includes(session));
      if (found !== undefined) return JSON.stringify(found);
      await sleep(100);
    }
    throw new Error('no message came');
  };
  const read = async (statement: string): Promise<unknown> => {
    const answer = await world().agent.execute({ connection: 'orders', statement });
    return answer.result?.rows;
  };
  const runs = (piece: string): number =>
    world()
      .stack.services.rdsData.kept()
      .filter(({ sql }) => sql.includes(piece) && !sql.startsWith('SELECT')).length;

  it('shows the approver three rows before the press, masked, and keeps nothing of having tried', async () => {
    const asked = await ask("UPDATE customers SET city = 'Bergen', name = upper(name) WHERE id IN (21, 22, 23)");
    expect(asked).toMatchObject({ http: 202, status: 'pending_approval' });
    const now = await seen(asked);
    expect(now).toMatchObject({
      approval: {
        impact: { rows: { basis: 'measured', rows: 3 }, uncounted: [], sample: { rowCount: 3 } },
        bound: { rowsMax: 3, tolerancePercent: 10 },
      },
    });
    expect(now.seal).not.toBe(asked.seal);
    const told = await message(asked);
    expect(told).toContain('3 rows (measured: it was run and rolled back)');
    expect(told).toContain('city (new)');
    expect(told).toContain('[masked:pii.email]');
    expect(told).not.toMatch(/@example\.(com|org|net)/);
    expect(await read("SELECT count(*) FROM customers WHERE city = 'Bergen'")).toEqual([[0]]);
    const dana = createSlackPerson(world().stack.url, 'U0DBA00001');
    await dana.press(asked.session ?? '', 'approve');
    expect(await world().agent.session(asked.session ?? '', 25)).toMatchObject({
      status: 'succeeded',
      result: { rowCount: 3 },
    });
  });

  it('keeps nothing when it changes more rows at the run than were approved', async () => {
    const statement = "UPDATE customers SET city = 'Narvik' WHERE city = 'Turku'";
    const stranded = await ask("UPDATE customers SET city = 'Turku' WHERE id IN (31, 32)");
    await seen(stranded);
    const dana = createSlackPerson(world().stack.url, 'U0DBA00001');
    await dana.press(stranded.session ?? '', 'approve');
    await world().agent.session(stranded.session ?? '', 25);

    const bounded = await ask(statement);
    expect(await seen(bounded)).toMatchObject({ approval: { bound: { rowsMax: 2 } } });
    const more = await ask("UPDATE customers SET city = 'Turku' WHERE id = 33");
    await dana.press(more.session ?? '', 'approve');
    expect(await world().agent.session(more.session ?? '', 25)).toMatchObject({ status: 'succeeded' });

    await dana.press(bounded.session ?? '', 'approve');
    expect(await world().agent.session(bounded.session ?? '', 25)).toMatchObject({
      status: 'failed',
      error: { code: 'more_rows_than_approved', detail: expect.stringContaining('It changed 3 rows') as unknown },
    });
    expect(await read("SELECT count(*) FROM customers WHERE city = 'Narvik'")).toEqual([[0]]);
    expect(runs(statement)).toBe(0);
  });

  it('asks nobody to say yes to a number that nobody can have', async () => {
    const asked = await ask(
      "WITH gone AS (UPDATE customers SET city = 'Bodo' WHERE id = 40 RETURNING id) SELECT count(*) FROM gone",
    );
    const ended = await world().agent.session(asked.session ?? '', 25);
    expect(ended).toMatchObject({ status: 'blocked', ended: { why: expect.stringContaining('counted') as unknown } });
  });
}
