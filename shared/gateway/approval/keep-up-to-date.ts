import { isFinal } from '../../domain/session-status.ts';
import type { BallotReceipt } from '../ports/ballot.ts';
import type { AnnounceDeps } from './announce.ts';
import { bringUpToDate, showMore } from './bring-up-to-date.ts';

/**
 * Longest that an answer waits for its message to be brought up to date. Slack allows a click 3 s in all; the vote is
 * written and acknowledged before this begins, and the next change of the session makes up for one that was given up.
 */
const PATIENCE_MS = 1_000;
/** Votes that may come in while the message is being written. */
const MAX_LOOKS = 3;

/** Work that is begun after an answer is safe and awaited before the function sleeps, for so long and no longer. */
export interface Afterwards {
  begin(work: () => Promise<void>): void;
  settled(): Promise<void>;
}

export function createAfterwards(deps: Pick<AnnounceDeps, 'sleep' | 'log'>): Afterwards {
  const begun = new Set<Promise<unknown>>();
  return {
    begin: (work) => {
      const bounded = Promise.race([inPeace(deps, work), deps.sleep(PATIENCE_MS)]);
      begun.add(bounded);
      void bounded.finally(() => begun.delete(bounded));
    },
    settled: async () => {
      await Promise.all(begun);
    },
  };
}

async function inPeace({ log }: Pick<AnnounceDeps, 'log'>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn('message not brought up to date', { error: error instanceof Error ? error.name : 'unknown' });
  }
}

/** True for a vote that left the question open: how a question ended is told by the workflow. */
export const leftOpen = (receipt: BallotReceipt): boolean => receipt.kind === 'counted' && receipt.state === 'open';

/**
 * Shows who has voted so far. Of two that write at once the later may show the older state, so each looks again after
 * it has written, and writes again while the session has moved on. An end that came meanwhile is written over our own
 * older words; before any, it is the workflow's to tell.
 */
export async function showVotes(deps: AnnounceDeps, id: string): Promise<void> {
  const runtime = await deps.runtime.current();
  if (!runtime.ok) return;
  const { gateway } = runtime.value.bundle;
  let shown: string | undefined;
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const stored = await deps.store.get(id);
    const session = stored.ok ? stored.value?.session : undefined;
    if (session === undefined || session.head.hash === shown) return;
    if (session.ended !== undefined) {
      if (shown !== undefined && isFinal(session.status)) await bringUpToDate(deps, gateway, session);
      return;
    }
    await showMore(deps, gateway, session);
    shown = session.head.hash;
  }
}
