import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import * as z from 'zod';
import { runningStack } from '../running-stack.ts';
import { fetchToken } from '../token.ts';
import { UsageError } from '../usage-error.ts';

/** Gives a token that is still good: a wait for people outlives the ten minutes of a CI job's token. */
export type TokenSource = () => Promise<string>;

export const tokenOptionsSchema = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  tokenCommand: z.string().optional(),
  as: z.string().optional(),
  audience: z.string().default('countersign'),
  state: z.string().optional(),
});
type TokenOptions = z.output<typeof tokenOptionsSchema>;

/** Seconds before its end at which a token is fetched anew: longer than a request takes. */
const RENEW_BEFORE_SECONDS = 60;
const TIMEOUT_MS = 15_000;

/** The first place that is named or found. What is typed outweighs what the surroundings hold. */
export function tokenSource(options: TokenOptions, environment: NodeJS.ProcessEnv): TokenSource {
  const { token, tokenFile, tokenCommand, as } = options;
  if (token !== undefined) return () => Promise.resolve(token);
  if (tokenFile !== undefined) return fromFile(tokenFile);
  if (tokenCommand !== undefined) return kept(() => fromCommand(tokenCommand));
  if (as !== undefined) return kept(() => fetchToken(runningStack(options.state), as));
  const given = environment['COUNTERSIGN_TOKEN'];
  // GitLab's `id_tokens:` puts a job's token there; so does whoever exports one by hand.
  if (given !== undefined && given !== '') return () => Promise.resolve(given);
  const [url, bearer] = [environment['ACTIONS_ID_TOKEN_REQUEST_URL'], environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
  if (url !== undefined && bearer !== undefined) return kept(() => fromGitHub(url, bearer, options.audience));
  throw new UsageError(
    'Say who asks: $COUNTERSIGN_TOKEN, --token-file FILE, --token-command COMMAND, or --as IDENTITY on the running stack. ' +
      'In GitHub Actions give the job `permissions: id-token: write`; in GitLab name the token COUNTERSIGN_TOKEN under `id_tokens:`.',
  );
}

/** Read at each use: whoever writes the file renews it (Kubernetes does, for projected tokens). */
const fromFile = (path: string): TokenSource => {
  return async () => tokenIn(await readFile(path, 'utf8').catch(() => ''), `--token-file ${path}`);
};

async function fromCommand(command: string): Promise<string> {
  const shell = process.platform === 'win32' ? (['cmd', ['/c', command]] as const) : (['sh', ['-c', command]] as const);
  const { stdout } = await promisify(execFile)(shell[0], [...shell[1]], { timeout: TIMEOUT_MS, maxBuffer: 65_536 });
  return tokenIn(stdout, '--token-command');
}

function tokenIn(text: string, from: string): string {
  const token = text.trim();
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return token;
  throw new UsageError(`${from} gave no token: a JWT of three parts was expected, and nothing else.`);
}

const gitHubSchema = z.object({ value: z.string() });

/** https://docs.github.com/actions/reference/openid-connect-reference: the runner hands tokens to its own jobs. */
async function fromGitHub(url: string, bearer: string, audience: string): Promise<string> {
  const place = new URL(url);
  place.searchParams.set('audience', audience);
  const response = await fetch(place, {
    headers: { authorization: `Bearer ${bearer}` },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`GitHub gave no token: HTTP ${String(response.status)}`);
  return gitHubSchema.parse(await response.json()).value;
}

/** Fetched once, and again when it is about to end. */
function kept(fetchOne: TokenSource): TokenSource {
  let held: { readonly token: string; readonly until: number } | undefined;
  return async () => {
    const now = Date.now() / 1_000;
    if (held !== undefined && now < held.until) return held.token;
    const token = await fetchOne();
    held = { token, until: (decodeJwt(token).exp ?? 0) - RENEW_BEFORE_SECONDS };
    return token;
  };
}
