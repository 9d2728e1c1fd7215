import { Session, type Profiler } from 'node:inspector/promises';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { agentToken, executeEvent } from './execute-event.ts';
import { table } from './numbers.ts';
import { figuresOf, type Figures } from './profile-figures.ts';
import { joinStack, startStackProcess } from './stack-process.ts';

const REQUESTS = 600;
const SAMPLE_MICROSECONDS = 200;
const SHOWN = 15;
/** As it was before its top entries were worked on, and what was done. */
const BEFORE = 'bench/profile-before.json';

const { values } = parseArgs({ options: { save: { type: 'string' } } });

/**
 * `npm run bench:profile [-- --save FILE]`: where the processor's time goes in an allowed read of 100 rows, from a CPU
 * profile of the handler in this process: by what the code is for, and the functions that take most; beside it the same
 * of an earlier state. `--save` keeps the figures as such an earlier state.
 */
async function main(): Promise<void> {
  const stack = await startStackProcess();
  try {
    joinStack(stack);
    const { handler } = await import('../../functions/execute/index.ts');
    const token = await agentToken(stack.stateDir);
    const ask = async (round: number): Promise<void> => {
      const sql = `SELECT id, order_id, brand, amount_cents FROM payments WHERE id <> ${round} ORDER BY id LIMIT 100`;
      const answer = await handler(executeEvent(token, sql));
      if (answer.statusCode !== 200) throw new Error(answer.body);
    };
    for (let warm = 0; warm < 300; warm += 1) await ask(warm);
    const profile = await profiled(async () => {
      for (let round = 0; round < REQUESTS; round += 1) await ask(10_000 + round);
    });
    const figures = figuresOf(profile, REQUESTS);
    if (values.save !== undefined) writeFileSync(values.save, `${JSON.stringify(figures, null, 2)}\n`);
    tell(figures, existsSync(BEFORE) ? beforeSchema.parse(JSON.parse(readFileSync(BEFORE, 'utf8'))) : undefined);
  } finally {
    await stack.stop();
  }
}

const costsSchema = z.record(z.string(), z.number());
const beforeSchema = z.object({
  whole: z.number(),
  places: costsSchema,
  functions: costsSchema,
  commit: z.string(),
  done: z.array(z.string()),
});
type Before = z.output<typeof beforeSchema>;

async function profiled(work: () => Promise<void>): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return profile;
}

function tell({ whole, places, functions }: Figures, before: Before | undefined): void {
  const was = before === undefined ? '' : `; before, at ${before.commit}, ${before.whole.toFixed(2)} ms`;
  console.log(`A read of 100 rows takes ${whole.toFixed(2)} ms of the processor${was}.\n`);
  console.log(compared('for', Object.keys(places), places, whole, before?.places));
  const most = Object.keys(functions).slice(0, SHOWN);
  const mostBefore = Object.keys(before?.functions ?? {}).slice(0, SHOWN);
  console.log(`\n${compared('function', [...new Set([...most, ...mostBefore])], functions, whole, before?.functions)}`);
  if (before !== undefined) console.log(`\nWhat was done in between:\n\n${before.done.join('\n\n')}`);
}

type Costs = Readonly<Record<string, number>>;

function compared(
  what: string,
  names: readonly string[],
  now: Costs,
  whole: number,
  before: Costs | undefined,
): string {
  const ms = (of: number | undefined): string => `${(of ?? 0).toFixed(3)} ms`;
  const lines = names.map((name) => [
    name,
    ms(now[name]),
    `${((100 * (now[name] ?? 0)) / whole).toFixed(1)} %`,
    ...(before === undefined ? [] : [ms(before[name])]),
  ]);
  return table([what, 'a request', 'share', ...(before === undefined ? [] : ['before'])], lines);
}

await main();
