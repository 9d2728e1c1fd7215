import { Progress } from '../progress.ts';
import { plain } from '../table.ts';
import { rested } from './call.ts';
import { conclude, leave, neededIn } from './conclude.ts';
import type { AgentGateway } from './gateway.ts';
import type { Heard, Reply } from './reply.ts';

export interface Following {
  readonly json: boolean;
  /** Seconds to wait for people; the approval itself ends sooner or later. */
  readonly waitSeconds: number;
}

/** Seconds that one poll holds the line. */
const POLL_SECONDS = 20;
/** Between two looks at a gateway that does not answer; the tries of each take some seconds themselves. */
const SILENT_MS = 3_000;

/** Waits for a session to end, says on stderr what for, and prints how it ended. */
export async function follow(gateway: AgentGateway, first: Heard, { json, waitSeconds }: Following): Promise<void> {
  const progress = new Progress();
  const until = Date.now() + waitSeconds * 1_000;
  const say = teller(progress);
  let [last, lost]: [Heard, string | undefined] = [first, undefined];
  try {
    while (isOpen(last) && Date.now() < until && !gateway.stop.aborted) {
      say(lost ?? neededIn(last.body));
      const left = Math.round((until - Date.now()) / 1_000);
      progress.show(`waiting for people: ${String(left)} s left`);
      const wait = Math.max(0, Math.min(POLL_SECONDS, left));
      const reply = await gateway.get(
        `/v1/sessions/${encodeURIComponent(first.body.session ?? '')}?wait=${String(wait)}`,
      );
      lost = lostIn(reply);
      if (reply.kind === 'heard' && lost === undefined) last = reply;
      else if (reply.kind === 'heard' && reply.http === 401) break;
      else await rested(SILENT_MS, gateway.stop);
    }
  } finally {
    progress.clear();
  }
  if (gateway.stop.aborted) leave(last.body, 'Interrupted.');
  else if (lost !== undefined) leave(last.body, lost);
  else conclude(last, json);
}

const isOpen = ({ http, body }: Heard): boolean =>
  http < 400 && (body.status === 'pending_approval' || body.status === 'running');

/** Why a reply says nothing of the session: the session stands where it stood, and the next look may go through. */
function lostIn(reply: Reply): string | undefined {
  if (reply.kind === 'silence') return `${reply.why}.`;
  if (reply.http === 401) return `The token is no longer good: ${reply.body.detail ?? ''}`;
  return reply.http === 429 || (reply.http >= 500 && reply.body.code !== 'unknown_outcome')
    ? `The gateway cannot say now (HTTP ${String(reply.http)}).`
    : undefined;
}

/** Says a thing on stderr, once as long as it stays the same. */
function teller(progress: Progress): (words: string) => void {
  let told = '';
  return (words) => {
    if (words === told) return;
    progress.clear();
    process.stderr.write(`${plain(words)}\n`);
    told = words;
  };
}
