import { bot, effect, engineOf, orders, PERMIT_READ, quiet } from '../../policy/world.ts';
import { cost, growthTable, type Point } from './measure.ts';

const SIZES = [10, 100, 1_000, 10_000];

const forbid = (connection: string, index: number): string =>
  `@id("no-${index}") @message("No.") forbid (principal, action == Action::"sql:select", resource in Connection::"${connection}") when { context.reason == "${index}" };`;

let round = 0;

/** A file holds 1 MiB: a thousand of these. */
const filesOf = (policies: readonly string[]): string[] =>
  Array.from({ length: Math.ceil(policies.length / 1_000) }, (_none, file) =>
    policies.slice(file * 1_000, (file + 1) * 1_000).join('\n'),
  );

/** A decision beside policies that name another connection, beside policies that name its own, and reading them all once. */
export async function growthOfPolicies(): Promise<string> {
  const lines: Record<'elsewhere' | 'here' | 'load', Point[]> = { elsewhere: [], here: [], load: [] };
  for (const size of SIZES) {
    const others = Array.from({ length: size - 1 }, (_none, index) => forbid('orders-staging', index));
    const started = performance.now();
    const engine = engineOf(PERMIT_READ, ...filesOf(others));
    lines.load.push({ size, ms: performance.now() - started });
    // In other words each time: a decision that was made before is remembered.
    const decide = (of: typeof engine) => () =>
      of.decide(bot, orders, [effect('sql:select', 'read')], { ...quiet, reason: `round ${(round += 1)}` });
    lines.elsewhere.push({ size, ms: await cost(decide(engine)) });
    const own = engineOf(PERMIT_READ, ...filesOf(others.map((_text, index) => forbid('orders', index))));
    lines.here.push({ size, ms: await cost(decide(own)) });
  }
  return growthTable('policies', {
    'decision, policies name other connections': lines.elsewhere,
    'decision, policies name this connection': lines.here,
    'reading and validating them, once': lines.load,
  });
}
