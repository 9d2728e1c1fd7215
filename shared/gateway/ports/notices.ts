import type { Result } from '../../platform/result.ts';
import type { NoticeRef } from './notifier.ts';
import type { StoreFault } from './session-store.ts';

/**
 * The messages of a session: where they are, who is just posting one, and whether somebody still has to bring them up
 * to date. A message that stays behind keeps buttons under a question that is over, so it is owed from the moment it
 * is posted until every one of them says how it ended, or Slack says that it never will.
 */
export interface Notices {
  /** In the order in which they were posted; none for a session without any. */
  of(session: string): Promise<Result<readonly NoticeRef[], StoreFault>>;
  /**
   * True for the one who may post to this channel until then: no message is kept there, and nobody else claims it. Two
   * who announce at once would ask twice.
   */
  claim(session: string, channel: string, now: Date, until: Date): Promise<Result<boolean, StoreFault>>;
  /** It was not posted: nobody may try before `until`, which is what Slack asked for, or now. */
  release(session: string, channel: string, until: Date): Promise<Result<void, StoreFault>>;
  /** Keeps where a message is, once. From now on it is owed; the sweep looks at it when that is due. */
  keep(session: string, notice: NoticeRef, due: Date): Promise<Result<void, StoreFault>>;
  /** Somebody is about to write what may not be the last word: owed, whatever was settled. Nothing without messages. */
  owe(session: string, now: Date, due: Date): Promise<Result<void, StoreFault>>;
  /** Still owed, and looked at when it is due. Nothing where all is settled. */
  postpone(session: string, due: Date): Promise<Result<void, StoreFault>>;
  /**
   * All `count` of them say the last word: nobody looks any more. False, and still owed, when there is another by now,
   * or somebody has said since `quietSince` that there is more to come: what they write may land after the last word.
   */
  settle(session: string, count: number, quietSince: Date, deleteAfter: Date): Promise<Result<boolean, StoreFault>>;
  /** Sessions whose messages are owed and due, the longest due first. */
  owed(before: Date, limit: number): Promise<Result<readonly string[], StoreFault>>;
}
