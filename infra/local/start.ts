import { parseArgs } from 'node:util';
import { banner } from './banner.ts';
import { startStack } from './stack.ts';
import type { RunningStack, StackOptions } from './stack.ts';
import { StartFailure } from './start-failure.ts';

const HELP = `npm start [-- OPTION…]      starts the embedded stack and the gateway on this machine

  --fresh        empty the state folder first
  --help         this text

  PORT=8787                port on 127.0.0.1
  COUNTERSIGN_CONFIG=DIR   configuration folder (default: config)
  COUNTERSIGN_STATE=DIR    state folder (default: .countersign)

Ctrl-C stops everything.`;

/** Longer than a clean stop takes; then whatever hangs is left to the end of the process. */
const STOP_MS = 4_900;

function options(): StackOptions | 'help' {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) return 'help';
  const { PORT = '8787', COUNTERSIGN_CONFIG: config, COUNTERSIGN_STATE: state } = process.env;
  if (!/^\d{1,5}$/.test(PORT) || Number(PORT) > 65_535)
    throw new StartFailure(`PORT=${PORT} is not a port: name a number from 0 (any free one) to 65535.`);
  return {
    port: Number(PORT),
    fresh: values.fresh ?? false,
    ...(config === undefined || config === '' ? {} : { config }),
    ...(state === undefined || state === '' ? {} : { state }),
  };
}

async function main(): Promise<void> {
  const started = performance.now();
  const chosen = options();
  if (chosen === 'help') {
    console.log(HELP);
    return;
  }
  const stopping = stopSignal();
  const starting = startStack(chosen);
  const first = await Promise.race([starting, stopping]);
  if (first === 'stop') {
    // Half started: what is there closes as soon as the rest has come up or failed.
    forceExitLater();
    await (await starting).close();
    return;
  }
  const greeted = greet(first, started);
  // A stop in the middle of it does not wait for it, and then nobody asks how it went.
  greeted.catch(() => undefined);
  if ((await Promise.race([greeted, stopping])) !== 'stop') void warmUp(first);
  await stopping;
  forceExitLater();
  console.log('\nStopping …');
  await first.close();
}

/** Says where everything is once the function that everybody calls first is ready: on a busy machine that takes seconds. */
async function greet(stack: RunningStack, started: number): Promise<void> {
  const broken = await stack.lambda.prewarm('execute');
  console.log(await banner(stack, (performance.now() - started) / 1000));
  if (broken !== undefined)
    console.error(`\nThe function execute does not start: ${broken}\nSee ${stack.state}/log/execute.log`);
}

/** One after the other, in the background: Slack waits 3 s for an answer, and a cold start on a busy laptop may take that. */
async function warmUp(stack: RunningStack): Promise<void> {
  const behindRoutes = new Set(stack.plan.routes.map(({ functionArn }) => functionArn));
  const slackFirst = [...behindRoutes].sort(
    (left, right) => Number(right.includes('slack')) - Number(left.includes('slack')),
  );
  for (const functionArn of slackFirst) await stack.lambda.prewarm(functionArn);
}

/** The first signal stops cleanly. Those after it change nothing, since Ctrl-C may arrive once from the terminal and once from npm. */
function stopSignal(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve('stop');
      });
    }
  });
}

function forceExitLater(): void {
  setTimeout(() => process.exit(0), STOP_MS).unref();
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const known = error instanceof StartFailure || (error instanceof TypeError && 'code' in error);
  console.error(known ? error.message : error);
  process.exit(1);
}
