import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { World } from '../world.ts';

interface CheckEffect {
  readonly action: string;
  readonly group: string;
  readonly resource: { readonly name: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly at?: readonly { readonly start: number; readonly end: number }[];
}

interface Checked {
  readonly http: number;
  readonly code?: string;
  readonly decision?: { readonly verdict: string };
  readonly effects?: readonly CheckEffect[];
  readonly columns?: readonly { readonly name: string; readonly masked: boolean }[];
  readonly estimatedRows?: number | null;
}

/** Reading of statements through the real endpoint: every text gets an answer, and the answer says what causes what. */
export function guardCases(world: () => World): void {
  const check = async (statement: string, more: object = {}): Promise<Checked> => {
    const headers = {
      authorization: `Bearer ${await world().stack.tokenFor('ci-agent')}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ connection: 'orders', statement, ...more });
    const response = await world().raw('/v1/check', { method: 'POST', headers, body });
    return { ...((await response.json()) as object), http: response.status };
  };

  it('shows each effect, its place in the text, the decision, the masks and the estimate', async () => {
    const statement = 'SELECT email AS harmless FROM customers c JOIN orders o ON o.customer_id = c.id';
    const checked = await check(statement, { estimate: true });
    expect(checked).toMatchObject({ http: 200, columns: [{ name: 'harmless', masked: true }] });
    expect(checked.estimatedRows).toBeGreaterThan(0);
    const shown = (checked.effects ?? []).map((effect) => [
      effect.resource.name,
      (effect.at ?? []).map(({ start, end }) => statement.slice(start, end)),
      effect.attributes['readsClassified'] ?? false,
    ]);
    expect(shown).toContainEqual(['public.customers', ['customers'], true]);
    expect(shown).toContainEqual(['public.orders', ['orders'], false]);
  });

  it('names what a delete brings with it, and estimates without running', async () => {
    const checked = await check('DELETE FROM orders', { estimate: true });
    const actions = (checked.effects ?? []).map((effect) => `${effect.action} ${effect.resource.name}`);
    expect(actions).toContain('sql:delete public.orders');
    expect(actions).toContain('sql:delete public.order_items');
    expect(checked.estimatedRows).toBeGreaterThan(0);
    const { result } = await world().agent.execute({ connection: 'orders', statement: 'SELECT count(*) FROM orders' });
    expect(JSON.stringify(result?.rows)).not.toBe('[[0]]');
  });

  it.each([
    ['WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x', 'sql:delete'],
    ["SELECT set_config('a.b', 'c', false)", 'sql:call'],
    ['SELECT * FROM orders FOR UPDATE', 'sql:lock'],
    ["COPY orders TO PROGRAM 'cat'", 'sql:copy-program'],
    ['DO $$ BEGIN END $$', 'sql:do'],
    ['SELECT * INTO kept FROM orders', 'sql:create'],
  ])('%s is no read', async (statement, action) => {
    const checked = await check(statement);
    expect(checked.effects?.map((effect) => effect.action)).toContain(action);
    expect(checked.decision?.verdict).not.toBe('allow');
  });

  it('answers the worst of texts with a decision or a problem, never with a fault of its own', async () => {
    const texts = [
      '('.repeat(200_000),
      `SELECT ${'['.repeat(100_000)}`,
      `SELECT ${'f('.repeat(3_000)}1${')'.repeat(3_000)}`,
      `SELECT 1${' UNION SELECT 1'.repeat(2_000)}`,
      `SELECT 1 FROM customers${Array.from({ length: 5_000 }, (_, i) => `,customers c${i}`).join('')}`,
      `SELECT '${'é'.repeat(50_000)}'`,
      'SELECT 1;\0DELETE FROM orders',
      'SELECT 1 --\r; DELETE FROM orders',
      '\u0000',
      '\ufeffSELECT 1',
      ';',
    ];
    for (const text of texts)
      expect([text.slice(0, 40), (await check(text)).http < 500]).toEqual([text.slice(0, 40), true]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }), async (text) => {
        expect((await check(text)).http).toBeLessThan(500);
      }),
      { numRuns: 40 },
    );
    expect(await check('SELECT 1')).toMatchObject({ http: 200, decision: { verdict: 'allow' } });
  });
}
