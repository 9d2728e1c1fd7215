import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { groupsOf } from '../../domain/approval.ts';
import type { ApprovalView } from '../../domain/approval-view.ts';
import type { KeptText } from '../../domain/event.ts';
import type { Session } from '../../domain/session.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Notifier } from '../ports/notifier.ts';
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
  const heard = new Set(stored.sideCar.notices.map((notice) => notice.channel));
  const channels = channelsOf(config, view).filter((channel) => !heard.has(channel));
  const posted = await Promise.all(channels.map((channel) => post(deps, view, channel)));
  if (posted.every(Boolean)) await deps.store.markAnnounced(stored.session);
}

/** Brings every posted message up to date: who has voted, how it ended. */
export async function refreshNotices(deps: AnnounceDeps, config: GatewayConfig, stored: StoredSession): Promise<void> {
  const view = stored.sideCar.notices.length === 0 ? undefined : await viewOf(deps, config, stored.session);
  if (view === undefined) return;
  for (const notice of stored.sideCar.notices) {
    const updated = await deps.notifier.update(view, notice);
    if (!updated.ok) deps.log.warn('notice not updated', { session: view.session, fault: updated.error.message });
  }
}

async function post(deps: AnnounceDeps, view: ApprovalView, channel: string): Promise<boolean> {
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

function channelsOf(config: GatewayConfig, view: ApprovalView): readonly string[] {
  const asked = new Set(view.asks.flatMap((ask) => groupsOf(ask, view.escalated ?? [])));
  const channels = config.groups.filter((group) => asked.has(group.name)).flatMap((group) => group.slackChannel ?? []);
  return config.slack === undefined ? [] : [...new Set(channels)];
}

export async function viewOf(
  deps: AnnounceDeps,
  config: GatewayConfig,
  session: Session,
): Promise<ApprovalView | undefined> {
  const text = await textOf(deps.blobs, session.submitted.statement);
  return session.asked === undefined || text === undefined
    ? undefined
    : approvalView(config, session, session.asked, text);
}

/** The statement as it was submitted, from the item or from S3 by its digest. */
export async function textOf(blobs: BlobStore, kept: KeptText): Promise<string | undefined> {
  if ('text' in kept) return kept.text;
  const bytes = await blobs.get(kept.blob);
  return bytes.ok ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value) : undefined;
}
