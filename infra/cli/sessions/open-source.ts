import type { Command } from 'commander';
import * as z from 'zod';
import { openArchive } from '../archive/open-archive.ts';
import { runningStack } from '../running-stack.ts';
import { fetchToken } from '../token.ts';
import { UsageError } from '../usage-error.ts';
import { createApiSource } from './api-source.ts';
import { createArchiveSource } from './archive-source.ts';
import type { SessionSource } from './source.ts';

export const sourceOptionsSchema = z.object({
  archive: z.string().optional(),
  url: z.url().optional(),
  token: z.string().optional(),
  as: z.string().optional(),
  state: z.string().optional(),
});

/** The options by which a command is told where sessions come from. */
export const withSource = (command: Command): Command =>
  command
    .option('--archive <place>', 'read an archive instead of the gateway: a folder or s3://bucket/prefix')
    .option('--url <url>', 'the gateway (default: the running stack)')
    .option('--token <jwt>', 'who asks (default: $COUNTERSIGN_TOKEN)')
    .option('--as <identity>', 'who asks, on the running stack: a development identity, e.g. auditor')
    .option('--state <dir>', 'state folder of the stack');

/** Whoever asks the gateway sees what they may see; whoever can read the archive sees all of it. */
export async function openSource(options: z.output<typeof sourceOptionsSchema>): Promise<SessionSource> {
  if (options.archive !== undefined) {
    return createArchiveSource(openArchive(options.archive).reader, (line) => {
      process.stderr.write(`${line}\n`);
    });
  }
  const token = options.token ?? process.env['COUNTERSIGN_TOKEN'];
  if (options.url !== undefined && token !== undefined) return createApiSource(options.url, token);
  if (options.url !== undefined) throw new UsageError('--url needs a token: --token or $COUNTERSIGN_TOKEN.');
  const stack = runningStack(options.state);
  if (options.as === undefined && token !== undefined) return createApiSource(stack.url, token);
  return createApiSource(stack.url, await fetchToken(stack, options.as ?? 'auditor'));
}
