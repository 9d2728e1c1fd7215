import type { Command } from 'commander';
import * as z from 'zod';
import { runningStack } from '../running-stack.ts';
import { fetchToken } from '../token.ts';
import { UsageError } from '../usage-error.ts';

/** Where the gateway is, and who asks it. */
const whoSchema = z.looseObject({
  url: z.url().optional(),
  token: z.string().optional(),
  as: z.string().optional(),
  state: z.string().optional(),
});

export const withWho = (command: Command): Command =>
  command
    .option('--url <url>', 'the gateway (default: the running stack)')
    .option('--token <jwt>', 'who asks (default: $COUNTERSIGN_TOKEN)')
    .option('--as <identity>', 'who asks, on the running stack: a development identity, e.g. lead')
    .option('--state <dir>', 'state folder of the stack');

const problemSchema = z.looseObject({ title: z.string(), detail: z.string() });

/** A stop cancels what waits, which is some seconds of work for a thousand sessions; the HTTP API hangs up after 30 s. */
const TIMEOUT_MS = 30_000;

export type Call = <T>(schema: z.ZodType<T>, method: 'GET' | 'POST', path: string, body?: object) => Promise<T>;

/** Calls the gateway with the token of a person. Throws what a person should read. */
export async function gateway(options: unknown): Promise<Call> {
  const { url, token } = await target(whoSchema.parse(options));
  return async (schema, method, path, body) => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return schema.parse(answer);
    const problem = problemSchema.safeParse(answer);
    const words = problem.success ? `${problem.data.title}: ${problem.data.detail}` : 'not an answer of the gateway';
    throw new Error(`${String(response.status)} ${words}`);
  };
}

async function target(who: z.output<typeof whoSchema>): Promise<{ readonly url: string; readonly token: string }> {
  const token = who.token ?? process.env['COUNTERSIGN_TOKEN'];
  if (who.url !== undefined && token !== undefined) return { url: who.url, token };
  if (who.url !== undefined) throw new UsageError('--url needs a token: --token or $COUNTERSIGN_TOKEN.');
  const stack = runningStack(who.state);
  if (who.as !== undefined) return { url: stack.url, token: await fetchToken(stack, who.as) };
  if (token !== undefined) return { url: stack.url, token };
  throw new UsageError('Say who asks: --as IDENTITY on the running stack, --token, or $COUNTERSIGN_TOKEN.');
}
