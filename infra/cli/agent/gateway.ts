import type { Command } from 'commander';
import * as z from 'zod';
import { runningStack } from '../running-stack.ts';
import { UsageError } from '../usage-error.ts';
import { patiently, type Line } from './call.ts';
import type { Reply } from './reply.ts';
import { tokenOptionsSchema, tokenSource } from './tokens.ts';

export interface AgentGateway {
  /** Ctrl-C, or the end of the job. */
  readonly stop: AbortSignal;
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  get(path: string): Promise<Reply>;
}

export const whereSchema = tokenOptionsSchema.extend({ url: z.string().optional() });

/** The options by which an agent's command finds the gateway and its own token. */
export const withToken = (command: Command): Command =>
  command
    .option('--url <url>', 'the gateway (default: $COUNTERSIGN_URL, else the running stack)')
    .option('--token-file <file>', 'read the token from a file, at each use')
    .option('--token-command <command>', 'run a command that prints the token')
    .option('--audience <audience>', "audience of the token that GitHub's runner is asked for", 'countersign')
    .option('--as <identity>', 'on the running stack: a development identity, e.g. ci-agent')
    .option('--state <dir>', 'state folder of the stack');

export function openGateway(
  options: z.output<typeof whereSchema>,
  environment: NodeJS.ProcessEnv,
  stop: AbortSignal,
): AgentGateway {
  const line: Line = { url: addressOf(options, environment), token: tokenSource(options, environment), stop };
  return {
    stop,
    post: (path, body, headers = {}) => patiently(line, { method: 'POST', path, body, headers }),
    get: (path) => patiently(line, { method: 'GET', path }),
  };
}

function addressOf(options: z.output<typeof whereSchema>, environment: NodeJS.ProcessEnv): string {
  const given = options.url ?? environment['COUNTERSIGN_URL'];
  if (given === undefined || given === '') return runningStack(options.state).url;
  if (z.url({ protocol: /^https?$/ }).safeParse(given).success) return given;
  throw new UsageError(`${given}: is not the address of a gateway. Give --url or $COUNTERSIGN_URL as https://HOST.`);
}
