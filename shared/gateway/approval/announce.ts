import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { groupsOf } from '../../domain/approval.ts';
import type { ApprovalView } from '../../domain/approval-view.ts';
import type { KeptText } from '../../domain/event.ts';
import type { Review } from '../../domain/review.ts';
import type { Session } from '../../domain/session.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Notifier, NoticeRef } from '../ports/notifier.ts';
import type { SessionStore, StoredSession } from '../ports/session-store.ts';
import type { Surroundings } from '../runtime.ts';
import { approvalView } from './view.ts';

export interface AnnounceDeps extends Surroundings {
  readonly store: SessionStore;
  readonly blobs: BlobStore;
  readonly notifier: Notifier;
}

/** Posts the question to every group that has not heard it. What fails stays unannounced, and the sweep tries again. */
export async function announce(deps: AnnounceDeps, config: GatewayConfig, stored: StoredSession): Promise<void> {
  const view = await viewOf(deps, config, stored.session);
  if (view === undefined) return;
  const groups = view.asks.flatMap((ask) => groupsOf(ask, view.escalated ?? []));
  const channels = noticesFor(config, groups, stored.sideCar.notices);
  const posted = await Promise.all(channels.map((channel) => postTo(deps, view, channel)));
  if (posted.every(Boolean)) await deps.store.markAnnounced(stored.session);
}

/** Brings every posted message up to date: who has voted, how it ended, who reviewed it. */
export async function refreshNotices(
  deps: AnnounceDeps,
  config: GatewayConfig,
  stored: StoredSession,
  review?: Review,
): Promise<void> {
  const view = stored.sideCar.notices.length === 0 ? undefined : await viewOf(deps, config, stored.session, review);
  if (view === undefined) return;
  for (const notice of stored.sideCar.notices) {
    const updated = await deps.notifier.update(view, notice);
    if (!updated.ok) deps.log.warn('notice not updated', { session: view.session, fault: updated.error.message });
  }
}

/** Posts it to one channel and keeps where. False when it could not be posted, or nobody would know where it is. */
export async function postTo(deps: AnnounceDeps, view: ApprovalView, channel: string): Promise<boolean> {
  const posted = await deps.notifier.ask(view, channel);
  if (!posted.ok) {
    deps.log.warn('approval not announced; the sweep will', {
      session: view.session,
      channel,
      fault: posted.error.message,
    });
    return false;
  }
  return (await deps.store.saveNotice(view.session, posted.value)).ok;
}

/** Channels of these groups that have not heard, each once. */
export function noticesFor(
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
