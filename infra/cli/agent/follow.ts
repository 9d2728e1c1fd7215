import { styleText } from 'node:util';
import { ExitWith } from '../exit-with.ts';
import { Progress } from '../progress.ts';
import { plain, table } from '../table.ts';
import { EXIT_CODES, exitOfCode, exitOfStatus } from './exit-codes.ts';
import type { AgentGateway, Envelope, Heard } from './gateway.ts';

export interface Following {
  readonly json: boolean;
  /** Seconds to wait for people; the approval itself ends sooner or later. */
  readonly waitSeconds: number;
}

/** Seconds that one poll holds the line. */
const POLL_SECONDS = 20;

/** Waits for a session to end, says on stderr what for, and prints how it ended. */
export async function follow(gateway: AgentGateway, first: Heard, { json, waitSeconds }: Following): Promise<void> {
  const progress = new Progress();
  const until = Date.now() + waitSeconds * 1_000;
  let heard = first;
  try {
    for (let told = ''; isOpen(heard) && Date.now() < until;) {
      const needs = heard.body.approval?.detail ?? 'It runs.';
      if (needs !== told && !json) process.stderr.write(`${plain(needs)}\n`);
      told = needs;
      progress.show(`waiting for people: ${String(Math.round((until - Date.now()) / 1_000))} s left`);
      const wait = Math.max(0, Math.min(POLL_SECONDS, Math.round((until - Date.now()) / 1_000)));
      heard = await gateway.get(`/v1/sessions/${encodeURIComponent(heard.body.session ?? '')}?wait=${String(wait)}`);
    }
  } finally {
    progress.clear();
  }
  conclude(heard, json);
}

const isOpen = ({ http, body }: Heard): boolean =>
  http < 400 && (body.status === 'pending_approval' || body.status === 'running');

/** Prints the end, and ends with its code. */
export function conclude({ http, body }: Heard, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(body)}\n`);
  else print(http, body);
  const code = http >= 400 ? exitOfCode(body.code ?? '') : exitOfStatus(String(body.status));
  if (code !== EXIT_CODES.done) throw new ExitWith(code);
}

function print(http: number, body: Envelope): void {
  if (body.result !== undefined) {
    process.stdout.write(`${table(body.result).join('\n')}\n`);
    return;
  }
  const words = http >= 400 ? [body.title, body.detail] : [String(body.status), whatNow(body)];
  const session = body.session === undefined ? [] : [`Session: ${body.session}`];
  process.stderr.write(`${styleText('bold', plain(words[0] ?? ''))}: ${plain(words[1] ?? '')}\n${session.join('')}\n`);
}

function whatNow({ status, session, approval, ended, error }: Envelope): string {
  if (status === 'pending_approval')
    return `${approval?.detail ?? 'Nothing has run.'} Go on waiting with: countersign wait ${session ?? ''}`;
  return error?.detail ?? ended?.why ?? '';
}
