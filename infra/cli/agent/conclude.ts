import { styleText } from 'node:util';
import { ExitWith } from '../exit-with.ts';
import { plain, table } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT_CODES, exitOfCode, exitOfStatus } from './exit-codes.ts';
import type { Envelope, Heard, Silence } from './reply.ts';

/** Prints the end, and ends with its code. */
export function conclude({ http, body }: Heard, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(body)}\n`);
  else print(http, body);
  const code = http >= 400 ? exitOfCode(body.code ?? '') : exitOfStatus(String(body.status));
  if (code !== EXIT_CODES.done) throw new ExitWith(code);
}

/** Ends without knowing how the session will: it goes on without this command, which says how to come back to it. */
export function leave(body: Envelope, why: string): never {
  const session = body.session ?? '';
  tell(why, `Session ${session} goes on without this command. Come back to it with: countersign wait ${session}`);
  throw new ExitWith(EXIT_CODES.waiting);
}

/** Ends without an answer. Where the statement may have arrived, only its key finds out without running it twice. */
export function unheard({ why, arrived, final }: Silence, key?: string): never {
  if (final && !arrived) throw new UsageError(why);
  if (!arrived || key === undefined) throw new ExitWith(EXIT_CODES.failed, plain(why));
  tell(why, `It may have arrived. The same command with --key ${key} finds out, and runs nothing twice.`);
  throw new ExitWith(EXIT_CODES.unknown);
}

/** What it waits for. How to poll is for programs that speak to the API; this command does it. */
export const neededIn = ({ approval }: Envelope): string =>
  approval?.detail?.replace(/ (Keep polling|Poll) `links\.poll`.*$/, '') ?? 'It runs.';

function print(http: number, body: Envelope): void {
  if (body.result !== undefined) {
    process.stdout.write(`${table(body.result).join('\n')}\n`);
    return;
  }
  if (http >= 400) tell(body.title ?? `HTTP ${String(http)}`, body.detail ?? body.message ?? '');
  else tell(String(body.status), whatNow(body));
  if (body.session !== undefined) process.stderr.write(`Session: ${plain(body.session)}\n`);
}

function whatNow(body: Envelope): string {
  const { status, session, ended, error } = body;
  if (status === 'pending_approval') return `${neededIn(body)} Go on waiting with: countersign wait ${session ?? ''}`;
  return error?.detail ?? ended?.why ?? '';
}

/** `What it is: what to do`, on stderr; bold where that is a terminal and NO_COLOR is not set. */
export function tell(what: string, more: string): void {
  const head = styleText('bold', plain(what).replace(/[.:]$/, ''), { stream: process.stderr });
  process.stderr.write(`${head}: ${plain(more)}\n`);
}
