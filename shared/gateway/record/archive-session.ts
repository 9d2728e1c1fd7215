import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import type { BlobRef } from '../../domain/event.ts';
import { BLOBS } from '../../domain/digest.ts';
import { isActId } from '../../domain/act.ts';
import { isFinal } from '../../domain/session-status.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Archive, Keeping } from '../ports/archive.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Controls } from '../ports/controls.ts';
import type { SessionStore, StoreFault } from '../ports/session-store.ts';
import type { SpareBlobs } from '../ports/spare-blobs.ts';
import type { Surroundings } from '../runtime.ts';
import { archiveBytes, archiveKey } from './archive-object.ts';
import { blobsIn } from './blobs-in.ts';

export { archiveKey };

export interface ArchiveDeps extends Surroundings {
  readonly store: SessionStore;
  readonly archive: Archive;
  readonly controls: Pick<Controls, 'acts'>;
  readonly blobs: BlobStore;
  readonly spare: SpareBlobs;
}

/** Delivers one finished session to the archive, once. Repeating it, or doing it from two places at once, is safe. */
export async function archiveSession(
  deps: ArchiveDeps,
  id: string,
): Promise<Result<'archived' | 'not_finished', StoreFault>> {
  const [stored, runtime] = await Promise.all([finishedChain(deps, id), deps.runtime.current()]);
  if (!stored.ok) return stored;
  const session = stored.value;
  if (session === undefined) return ok('not_finished');
  if (!runtime.ok) return err({ code: 'record_unavailable', message: runtime.error.message });
  const { gateway } = runtime.value.bundle;
  const key = archiveKey(session);
  const keeping = keepingOf(gateway, session, deps.clock());
  const blobs = session.events.flatMap((event) => blobsIn(event));
  for (const blob of blobs) {
    const brought = await bringBack(deps, blob);
    if (!brought.ok) return brought;
  }
  const created = await deps.archive.create(key, archiveBytes(session), keeping);
  if (!created.ok) return created;
  for (const { sha256 } of blobs) {
    const kept = await deps.archive.keepAsLong(`${BLOBS}${sha256}`, keeping);
    if (!kept.ok) return kept;
  }
  const { sha256, bytes } = created.value;
  const at = deps.clock().toISOString();
  const deleteAfter = daysAfter(new Date(session.updatedAt), gateway.retention.liveDays);
  const marked = await deps.store.markArchived(id, deleteAfter, { key, sha256, bytes, at });
  if (!marked.ok) return marked;
  deps.metrics.record({ ArchiveLag: Date.parse(at) - Date.parse(session.updatedAt) }, { session: id });
  return ok('archived');
}

/** What was set aside while S3 was away goes there before the session that refers to it: nothing in the archive points nowhere. */
async function bringBack({ blobs, spare }: ArchiveDeps, ref: BlobRef): Promise<Result<unknown, StoreFault>> {
  const aside = await spare.get(ref);
  if (!aside.ok || aside.value === undefined) return aside;
  const put = await blobs.put(aside.value);
  return put.ok ? spare.delivered(ref) : put;
}

interface Finished {
  readonly id: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly connection?: string;
  readonly events: readonly object[];
}

/** A session that has ended, or what a person did to the gateway, which ends as it begins. */
async function finishedChain(deps: ArchiveDeps, id: string): Promise<Result<Finished | undefined, StoreFault>> {
  if (isActId(id)) {
    const act = await deps.controls.acts.get(id);
    if (!act.ok || act.value === undefined) return act.ok ? ok(undefined) : act;
    return ok({ id, startedAt: act.value.at, updatedAt: act.value.at, events: [act.value] });
  }
  const stored = await deps.store.get(id);
  if (!stored.ok) return stored;
  const session = stored.value?.session;
  if (session === undefined || !isFinal(session.status)) return ok(undefined);
  const { startedAt, updatedAt, events, submitted } = session;
  return ok({ id, startedAt, updatedAt, events, connection: submitted.connection });
}

/** The connection's own rule, else the gateway's. Counted from now: S3 refuses a past date, and a delivery may be late. */
function keepingOf(gateway: GatewayConfig, finished: Finished, now: Date): Keeping {
  const connection = gateway.connections.find(({ name }) => name === finished.connection);
  const { archiveDays = gateway.retention.archiveDays, legalHold = false } = connection?.retention ?? {};
  return { until: daysAfter(now, archiveDays), legalHold };
}

const daysAfter = (instant: Date, days: number): Date => new Date(instant.getTime() + days * 86_400_000);
