import type { SessionsQuery } from '../contracts/api/sessions-query.ts';
import type { GatewayConfig } from '../contracts/config/gateway.ts';
import { groupsOf } from '../domain/approval.ts';
import { agentKey, type Caller, type Person } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import { skippedGroups } from '../domain/review.ts';
import type { MaskedResult } from '../domain/result-set.ts';
import type { Session } from '../domain/session.ts';
import { isFinal } from '../domain/session-status.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { maskedResultSchema } from '../contracts/record/result.ts';
import type { BlobStore } from './ports/blob-store.ts';
import type { Controls } from './ports/controls.ts';
import type { SessionPage, SessionStore } from './ports/session-store.ts';
import type { Surroundings } from './runtime.ts';

export interface ReadDeps extends Surroundings {
  readonly store: SessionStore;
  readonly blobs: BlobStore;
  readonly controls: Pick<Controls, 'reviews'>;
}

/** Milliseconds between two looks while a caller holds the line: at most 50 reads for the longest wait of 25 s. */
const LOOK_EVERY_MS = 500;

/** One session, if the caller may see it. Holds the line up to `waitSeconds` for it to end. */
export async function readSession(
  deps: ReadDeps,
  config: GatewayConfig,
  caller: Caller,
  id: string,
  waitSeconds: number,
): Promise<Result<Session, Refusal>> {
  const until = deps.clock().getTime() + Math.min(waitSeconds, config.limits.waitSeconds) * 1_000;
  for (;;) {
    const stored = await deps.store.get(id);
    if (!stored.ok) return err({ code: 'record_unavailable' });
    const session = stored.value?.session;
    if (session === undefined || !maySee(config, caller, session)) return err({ code: 'session_not_found' });
    if (isFinal(session.status) || deps.clock().getTime() >= until) return ok(session);
    await deps.sleep(LOOK_EVERY_MS);
  }
}

/** Its agent; a person who audits; a person who is asked about it. Everyone else hears "not found". */
function maySee(config: GatewayConfig, caller: Caller, session: Session): boolean {
  if (caller.kind === 'agent') return agentKey(caller) === agentKey(session.submitted.agent);
  return isAuditor(config, caller) || groupsConcerned(session).some((group) => caller.groups.includes(group));
}

/** Groups that are asked, the second ones too, or that a broken glass has skipped. */
function groupsConcerned({ asked, escalated, breakGlass }: Session): readonly string[] {
  return [
    ...(asked?.asks.flatMap((ask) => groupsOf(ask, escalated)) ?? []),
    ...skippedGroups(breakGlass?.skipped ?? []),
  ];
}

const isAuditor = (config: GatewayConfig, person: Person): boolean =>
  config.groups.some((group) => group.auditor && person.groups.includes(group.name));

/** Sessions of the caller, newest first; auditors see everyone's. */
export async function listSessions(
  deps: ReadDeps,
  config: GatewayConfig,
  caller: Caller,
  query: SessionsQuery,
): Promise<Result<SessionPage, Refusal>> {
  const { limit, cursor, agent, review, breakGlass, ...filter } = query;
  if (review !== undefined) return listOwed(deps, config, caller, query);
  const scope = scopeOf(config, caller, agent);
  if (!scope.ok) return scope;
  const page = await deps.store.list(
    { ...filter, ...scope.value, ...(breakGlass === undefined ? {} : { breakGlass: true }) },
    limit,
    cursor,
  );
  if (page.ok) return page;
  return err(
    page.error.code === 'invalid_cursor'
      ? { code: 'invalid_request', member: 'cursor', detail: 'is not one that this gateway gave.' }
      : { code: 'record_unavailable' },
  );
}

/**
 * What still owes a review, the longest first: own sessions for agents, those that skipped their groups for people, all
 * for auditors. They are few, so they are read one by one and never paged.
 */
async function listOwed(
  deps: ReadDeps,
  config: GatewayConfig,
  caller: Caller,
  query: SessionsQuery,
): Promise<Result<SessionPage, Refusal>> {
  const owed = await deps.controls.reviews.owed(undefined, MAX_OWED);
  if (!owed.ok) return err({ code: 'record_unavailable' });
  const stored = await Promise.all(owed.value.map((id) => deps.store.get(id)));
  if (stored.some((one) => !one.ok)) return err({ code: 'record_unavailable' });
  const sessions = stored
    .flatMap((one) => (one.ok && one.value !== undefined ? [one.value.session] : []))
    .filter((session) => session.breakGlass !== undefined && maySee(config, caller, session))
    .filter((session) => query.connection === undefined || session.submitted.connection === query.connection);
  return ok({ sessions: sessions.slice(0, query.limit) });
}

/** Reviews that are owed at one time; more than these and nobody looks at any. */
const MAX_OWED = 200;

function scopeOf(
  config: GatewayConfig,
  caller: Caller,
  agent: string | undefined,
): Result<{ agentKey?: string; subject?: string }, Refusal> {
  if (caller.kind === 'agent') return ok({ agentKey: agentKey(caller) });
  if (!isAuditor(config, caller)) {
    return err({ code: 'not_an_auditor' });
  }
  return ok(agent === undefined ? {} : { subject: agent });
}

/** The masked answer of a session that has one, from the item or from S3 by its digest. */
export async function resultOf(blobs: BlobStore, session: Session): Promise<MaskedResult | undefined> {
  if (session.outcome?.kind !== 'succeeded') return undefined;
  const { result } = session.outcome;
  if ('inline' in result) return result.inline;
  const bytes = await blobs.get(result.blob);
  if (!bytes.ok) return undefined;
  const parsed = maskedResultSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes.value)));
  return parsed.success ? parsed.data : undefined;
}
