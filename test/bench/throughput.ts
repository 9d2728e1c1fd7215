import { agentToken, executeEvent } from './execute-event.ts';
import { quantile, table } from './numbers.ts';
import { joinStack, startStackProcess } from './stack-process.ts';

/** How long each number of callers asks. */
const SECONDS = 6;
const CALLERS = [1, 8, 64];

/**
 * `npm run bench:throughput`: allowed reads of 10 rows a second through one process of the gateway, that is, on one core;
 * the embedded stack that it calls has the other. An environment of Lambda serves one request at a time: there, callers
 * beyond one are environments beyond one.
 */
async function main(): Promise<void> {
  const stack = await startStackProcess();
  try {
    joinStack(stack);
    const { handler } = await import('../../functions/execute/index.ts');
    const event = executeEvent(await agentToken(stack.stateDir), 'SELECT id, brand FROM payments ORDER BY id LIMIT 10');
    const ask = async (): Promise<void> => {
      const answer = await handler(event);
      if (answer.statusCode !== 200) throw new Error(answer.body);
    };
    for (let warm = 0; warm < 100; warm += 1) await ask();
    const lines: string[][] = [];
    for (const callers of CALLERS) lines.push(await measure(callers, ask));
    console.log(table(['callers', 'requests/s', 'p50', 'p95', 'CPU a request', 'memory'], lines));
  } finally {
    await stack.stop();
  }
}

async function measure(callers: number, ask: () => Promise<void>): Promise<string[]> {
  const times: number[] = [];
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const until = began + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) {
        const started = performance.now();
        await ask();
        times.push(performance.now() - started);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return [
    String(callers),
    (times.length / seconds).toFixed(0),
    `${quantile(times, 0.5).toFixed(1)} ms`,
    `${quantile(times, 0.95).toFixed(1)} ms`,
    `${((user + system) / 1_000 / times.length).toFixed(2)} ms`,
    `${(process.memoryUsage().rss / 1_048_576).toFixed(0)} MB`,
  ];
}

await main();
