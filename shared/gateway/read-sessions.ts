import type { SessionsQuery } from '../contracts/api/sessions-query.ts';
import type { GatewayConfig } from '../contracts/config/gateway.ts';
import { agentKey, type Caller, type Person } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { MaskedResult } from '../domain/result-set.ts';
import type { Session } from '../domain/session.ts';
import { isFinal } from '../domain/session-status.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { maskedResultSchema } from '../contracts/record/result.ts';
import type { BlobStore } from './ports/blob-store.ts';
import type { SessionPage, SessionStore } from './ports/session-store.ts';
import type { Surroundings } from './runtime.ts';

export interface ReadDeps extends Surroundings {
  readonly store: SessionStore;
  readonly blobs: BlobStore;
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
  return isAuditor(config, caller) || (session.asked?.asks.some((ask) => caller.groups.includes(ask.group)) ?? false);
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
  const { limit, cursor, agent, ...filter } = query;
  const scope = scopeOf(config, caller, agent);
  if (!scope.ok) return scope;
  const page = await deps.store.list({ ...filter, ...scope.value }, limit, cursor);
  if (page.ok) return page;
  return err(
    page.error.code === 'invalid_cursor'
      ? { code: 'invalid_request', member: 'cursor', detail: 'is not one that this gateway gave.' }
      : { code: 'record_unavailable' },
  );
}

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
