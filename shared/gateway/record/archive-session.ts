import { gzipSync } from 'node:zlib';
import type { Session } from '../../domain/session.ts';
import { isFinal } from '../../domain/session-status.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Archive } from '../ports/archive.ts';
import type { SessionStore, StoreFault } from '../ports/session-store.ts';
import type { Surroundings } from '../runtime.ts';

export interface ArchiveDeps extends Surroundings {
  readonly store: SessionStore;
  readonly archive: Archive;
}

/** Where a session lies for ever: by the day it began and its id, so that a second delivery finds the first. */
export function archiveKey(session: Pick<Session, 'id' | 'startedAt'>): string {
  return `sessions/${session.startedAt.slice(0, 10).replaceAll('-', '/')}/${session.id}.ndjson.gz`;
}

/** The object: one event a line in canonical JSON, gzip without a timestamp, so that the same chain is the same bytes. */
export function archiveBytes(session: Session): Uint8Array {
  return gzipSync(session.events.map((event) => `${canonicalJson(toJson(event))}\n`).join(''), { level: 9 });
}

/** Delivers one finished session to the archive, once. Repeating it, or doing it from two places at once, is safe. */
export async function archiveSession(
  deps: ArchiveDeps,
  id: string,
): Promise<Result<'archived' | 'not_finished', StoreFault>> {
  const [stored, runtime] = await Promise.all([deps.store.get(id), deps.runtime.current()]);
  if (!stored.ok) return stored;
  const session = stored.value?.session;
  if (session === undefined || !isFinal(session.status)) return ok('not_finished');
  if (!runtime.ok) return err({ code: 'record_unavailable', message: runtime.error.message });
  const { archiveDays, liveDays } = runtime.value.bundle.gateway.retention;
  const bytes = archiveBytes(session);
  // Counted from now: S3 refuses a retention that has passed, and a delivery may be days late.
  const retainUntil = daysAfter(deps.clock(), archiveDays);
  const created = await deps.archive.create(archiveKey(session), bytes, sha256Hex(bytes), retainUntil);
  if (!created.ok) return created;
  const marked = await deps.store.markArchived(id, daysAfter(new Date(session.updatedAt), liveDays));
  return marked.ok ? ok('archived') : marked;
}

const daysAfter = (instant: Date, days: number): Date => new Date(instant.getTime() + days * 86_400_000);
