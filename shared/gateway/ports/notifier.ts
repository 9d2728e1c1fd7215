import type { ApprovalView } from '../../domain/approval-view.ts';
import type { Occasion } from '../../domain/event.ts';
import type { Result } from '../../platform/result.ts';

/** A message that was posted, so that it can be brought up to date later. */
export interface NoticeRef {
  readonly channel: string;
  readonly ts: string;
}

export interface NotifyFault {
  /** Seconds after which trying again makes sense (Slack's `Retry-After`), 0 when unknown. */
  readonly retryAfterSeconds: number;
  readonly message: string;
  /** Slack says that this will never be done, however often it is tried. */
  readonly never?: true;
}

/** Tells people. Never decides anything: a notifier that is down leaves a session waiting, then expired. */
export interface Notifier {
  /** Posts the question to the channel. Called at most once a session and channel that succeeded. */
  ask(view: ApprovalView, channel: string): Promise<Result<NoticeRef, NotifyFault>>;
  /** Brings a posted message up to date with votes and ending; when it has ended the buttons go. */
  update(view: ApprovalView, ref: NoticeRef): Promise<Result<void, NotifyFault>>;
  /** Says beside a posted message that its answer is still wanted, or its review. */
  remind(view: ApprovalView, ref: NoticeRef, occasion: Occasion | 'review'): Promise<Result<void, NotifyFault>>;
}
