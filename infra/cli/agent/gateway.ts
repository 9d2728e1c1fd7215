import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { maskedResultSchema } from '../../../shared/contracts/record/result.ts';
import { runningStack } from '../running-stack.ts';
import { tokenOptionsSchema, tokenSource, type TokenSource } from './tokens.ts';

/** As much of an answer as is looked at; a gateway that is newer may say more. */
export const envelopeSchema = z.looseObject({
  session: z.string().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  approval: z.looseObject({ detail: z.string().optional() }).optional(),
  error: z.looseObject({ code: z.string(), detail: z.string() }).optional(),
  ended: z.looseObject({ why: z.string() }).optional(),
  result: maskedResultSchema.optional(),
  decision: z
    .looseObject({
      verdict: z.string(),
      why: z.string().optional(),
      policies: z.array(z.looseObject({ id: z.string(), message: z.string() })),
    })
    .optional(),
});
export type Envelope = z.output<typeof envelopeSchema>;

export interface Heard {
  readonly http: number;
  readonly body: Envelope;
}

export interface AgentGateway {
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Heard>;
  get(path: string): Promise<Heard>;
}

export const whereSchema = tokenOptionsSchema.extend({ url: z.url().optional() });

/** The options by which an agent's command finds the gateway and its own token. */
export const withToken = (command: Command): Command =>
  command
    .option('--url <url>', 'the gateway (default: $COUNTERSIGN_URL, else the running stack)')
    .option('--token-file <file>', 'read the token from a file, at each use')
    .option('--token-command <command>', 'run a command that prints the token')
    .option('--audience <audience>', "audience of the token that GitHub's runner is asked for", 'countersign')
    .option('--as <identity>', 'on the running stack: a development identity, e.g. ci-agent')
    .option('--state <dir>', 'state folder of the stack');

/** Longer than the gateway holds a line (25 s), and than API Gateway does (30 s). */
const TIMEOUT_MS = 35_000;
/** Tries at reaching it: 7 s in all. Every request may be repeated: reads change nothing, and execute has its key. */
const PAUSES_MS = [0, 500, 1_500, 5_000];

export function openGateway(options: z.output<typeof whereSchema>, environment: NodeJS.ProcessEnv): AgentGateway {
  const url = options.url ?? environment['COUNTERSIGN_URL'] ?? runningStack(options.state).url;
  const token = tokenSource(options, environment);
  return {
    post: (path, body, headers = {}) =>
      patiently(() => request(url, token, path, { method: 'POST', body: JSON.stringify(body), headers })),
    get: (path) => patiently(() => request(url, token, path, { method: 'GET' })),
  };
}

async function request(
  url: string,
  token: TokenSource,
  path: string,
  init: { readonly method: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<Heard> {
  const response = await fetch(new URL(path, url), {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = envelopeSchema.safeParse(await response.json().catch(() => undefined));
  if (body.success) return { http: response.status, body: body.data };
  throw new Error(`${url} answered ${String(response.status)} with something that is not of a gateway`);
}

async function patiently(work: () => Promise<Heard>): Promise<Heard> {
  let last: unknown;
  for (const pause of PAUSES_MS) {
    if (pause > 0) await sleep(pause);
    try {
      const heard = await work();
      if (heard.http < 500 || heard.http === 504) return heard;
      last = heard;
    } catch (error) {
      last = error;
    }
  }
  if (isHeard(last)) return last;
  throw last;
}

const isHeard = (value: unknown): value is Heard => typeof value === 'object' && value !== null && 'http' in value;
