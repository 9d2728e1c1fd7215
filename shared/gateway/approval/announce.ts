import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { groupsOf } from '../../domain/approval.ts';
import type { ApprovalView } from '../../domain/approval-view.ts';
import type { KeptText, Told } from '../../domain/event.ts';
import type { Review } from '../../domain/review.ts';
import type { Session } from '../../domain/session.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Notices } from '../ports/notices.ts';
import type { Notifier, NoticeRef } from '../ports/notifier.ts';
import type { SessionStore } from '../ports/session-store.ts';
import { ok } from '../../platform/result.ts';
import { moveSession } from '../move-session.ts';
import type { Surroundings } from '../runtime.ts';
import { approvalView } from './view.ts';

export interface AnnounceDeps extends Surroundings {
  readonly store: SessionStore;
  readonly blobs: BlobStore;
  readonly notices: Notices;
  readonly notifier: Notifier;
}

/** Longer than whoever posts can live (the function's 45 s), so that a claim which is over has nobody behind it. */
const CLAIM_SECONDS = 60;
/** When somebody looks whether a message that was posted still says what is true. */
export const LOOK_SECONDS = 300;
/** Times that the place of a posted message is written down: one that is lost can never be brought up to date. */
const KEEP_TRIES = 3;

/** Posts the question to every group that has not heard it. What fails stays unannounced, and the sweep tries again. */
export async function announce(deps: AnnounceDeps, config: GatewayConfig, session: Session): Promise<void> {
  const [view, heard] = await Promise.all([viewOf(deps, config, session), deps.notices.of(session.id)]);
  if (view === undefined || !heard.ok) return;
  const groups = view.asks.flatMap((ask) => groupsOf(ask, view.escalated ?? []));
  const channels = channelsFor(config, groups, heard.value);
  const posted = await Promise.all(channels.map((channel) => postTo(deps, view, channel)));
  const reached = channels.filter((_channel, index) => posted[index]);
  const now =
    reached.length === 0
      ? session
      : await putOnRecord(
          deps,
          session,
          placesOf(config, groups).filter(({ channel }) => reached.includes(channel)),
        );
  if (now !== undefined && posted.every(Boolean)) await deps.store.markAnnounced(now);
}

/** The channels of these groups, each with its group. */
export const placesOf = (config: GatewayConfig, groups: readonly string[]): Told['to'] =>
  config.groups.flatMap(({ name, slackChannel }) =>
    slackChannel !== undefined && groups.includes(name) ? [{ group: name, channel: slackChannel }] : [],
  );

/**
 * Who was asked, and where. After the posting, since a record of what was only meant would be a false one; a crash in
 * between leaves the message without its line, and the message shows that it was posted. A question that has been
 * answered meanwhile is over, and takes no more lines.
 */
async function putOnRecord(deps: AnnounceDeps, { id }: Session, to: Told['to']): Promise<Session | undefined> {
  const data: Told = { occasion: 'asked', to, missed: [] };
  const moved = await moveSession<never>(deps, id, (now) => ok(isOpen(now) ? [{ type: 'told', data }] : []));
  if (!moved.ok) deps.log.warn('announcement not on record', { session: id });
  return moved.ok ? moved.value.session : undefined;
}

/** People are asked, and have not decided yet. */
export const isOpen = (session: Session): boolean =>
  session.status === 'pending_approval' && session.ended === undefined;

/**
 * Posts it to one channel and keeps where. False when it could not be posted, or somebody else is just doing that, or
 * nobody would know where it is.
 */
export async function postTo(deps: AnnounceDeps, view: ApprovalView, channel: string): Promise<boolean> {
  const { session } = view;
  const now = deps.clock();
  const claimed = await deps.notices.claim(session, channel, now, secondsAfter(now, CLAIM_SECONDS));
  if (!claimed.ok || !claimed.value) return false;
  const posted = await deps.notifier.ask(view, channel);
  if (posted.ok) return keep(deps, session, posted.value);
  const { message, retryAfterSeconds } = posted.error;
  deps.log.warn('approval not announced; the sweep will', { session, channel, fault: message });
  await deps.notices.release(session, channel, secondsAfter(deps.clock(), retryAfterSeconds));
  return false;
}

async function keep(deps: AnnounceDeps, session: string, notice: NoticeRef): Promise<boolean> {
  const due = secondsAfter(deps.clock(), LOOK_SECONDS);
  for (let attempt = 1; attempt <= KEEP_TRIES; attempt += 1) {
    if ((await deps.notices.keep(session, notice, due)).ok) return true;
    await deps.sleep(200 * attempt);
  }
  deps.log.error('message posted and its place not kept', { session, channel: notice.channel });
  return false;
}

/** Channels of these groups that have not heard, each once. */
export function channelsFor(
  config: GatewayConfig,
  groups: readonly string[],
  notices: readonly NoticeRef[],
): readonly string[] {
  const heard = new Set(notices.map((notice) => notice.channel));
  const channels = config.groups
    .filter((group) => groups.includes(group.name))
    .flatMap((group) => group.slackChannel ?? []);
  return config.slack === undefined ? [] : [...new Set(channels)].filter((channel) => !heard.has(channel));
}

/** What people are shown; `undefined` when nobody is or was to be asked, or the statement cannot be read back. */
export async function viewOf(
  deps: AnnounceDeps,
  config: GatewayConfig,
  session: Session,
  review?: Review,
): Promise<ApprovalView | undefined> {
  const text = await textOf(deps.blobs, session.submitted.statement);
  return text === undefined ? undefined : approvalView(config, session, text, review?.closed);
}

/** The statement as it was submitted, from the item or from S3 by its digest. */
export async function textOf(blobs: BlobStore, kept: KeptText): Promise<string | undefined> {
  if ('text' in kept) return kept.text;
  const bytes = await blobs.get(kept.blob);
  return bytes.ok ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value) : undefined;
}

export const secondsAfter = (instant: Date, seconds: number): Date => new Date(instant.getTime() + seconds * 1_000);
