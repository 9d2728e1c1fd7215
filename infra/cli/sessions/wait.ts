import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { gateway, withWho } from '../controls/api.ts';

const viewSchema = z.looseObject({
  status: z.string(),
  ended: z.looseObject({ why: z.string() }).optional(),
  outcome: z.looseObject({ message: z.string().optional() }).optional(),
});
const optionsSchema = z.looseObject({ timeout: z.number().default(3_600) });

/** Seconds that one call holds the line: what the API gives at most is 25. */
const HOLD = 20;
const WAITING = new Set(['pending_approval', 'running']);

/** `countersign sessions wait SESSION`: returns when it has ended. Exit code 0 only when it ran and succeeded. */
export function waitCommand(): Command {
  const command = new Command('wait')
    .description('wait for a session to end; exit code 0 if what it asked for ran and succeeded')
    .argument('<session>')
    .option('--timeout <seconds>', 'give up after so long (default: an hour)', toSeconds);
  return withWho(command).action(async (id: string, given: unknown) => {
    const { timeout } = optionsSchema.parse(given);
    const call = await gateway(given);
    const until = performance.now() + timeout * 1_000;
    for (;;) {
      const { status, ended, outcome } = await call(
        viewSchema,
        'GET',
        `/v1/sessions/${encodeURIComponent(id)}?wait=${HOLD}`,
      );
      if (!WAITING.has(status)) {
        const why = outcome?.message ?? ended?.why;
        const told = why === undefined ? status : `${status}: ${why}`;
        if (status !== 'succeeded') throw new Error(told);
        console.log(told);
        return;
      }
      if (performance.now() > until) throw new Error(`It still waits (${status}) after ${timeout} s.`);
    }
  });
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError('Give whole seconds.');
}
