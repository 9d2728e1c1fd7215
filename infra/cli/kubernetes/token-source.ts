import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { runningStack } from '../running-stack.ts';
import { fetchToken } from '../token.ts';
import { UsageError } from '../usage-error.ts';

/** Where tokens come from: a development identity, a file, or (with neither) the environment. */
export const tokenSourceSchema = z.object({
  as: z.string().optional(),
  tokenFile: z.string().optional(),
  state: z.string().optional(),
});
export type TokenSource = z.output<typeof tokenSourceSchema>;

/** The same as words of a command line. */
export const wordsOf = ({ as, tokenFile, state }: TokenSource): readonly string[] => [
  ...(as === undefined ? [] : ['--as', as]),
  ...(tokenFile === undefined ? [] : ['--token-file', tokenFile]),
  ...(state === undefined ? [] : ['--state', state]),
];

export async function tokenFrom({ as, tokenFile, state }: TokenSource): Promise<string> {
  if (tokenFile !== undefined) return readFileSync(tokenFile, 'utf8').trim();
  if (as !== undefined) return fetchToken(runningStack(state), as);
  const token = process.env['COUNTERSIGN_TOKEN'];
  if (token !== undefined && token !== '') return token;
  throw new UsageError(
    'No token: set $COUNTERSIGN_TOKEN, or name --token-file FILE, or --as IDENTITY on the running stack.',
  );
}
