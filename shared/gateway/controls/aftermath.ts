import type { Lease } from '../../domain/lease.ts';
import { stopCovers, type Stop } from '../../domain/stop.ts';
import { ok } from '../../platform/result.ts';
import { wakeWorkflow } from '../approval/wake-workflow.ts';
import { moveSession } from '../move-session.ts';
import type { ControlDeps } from './stop.ts';

/** What a stop has ended. */
export interface Aftermath {
  readonly cancelled: readonly string[];
  readonly revoked: readonly string[];
  /** False: there was more than could be looked at, or some of it could not be written. It cannot run; repeat the stop. */
  readonly complete: boolean;
}

/** Sessions and leases looked at by one stop: some seconds of work, within the time of one call. */
const MAX_LOOKED_AT = 1_000;
const AT_ONCE = 10;

/** Cancels what waits and revokes what was leased. The stop is in force already, so nothing here is a race. */
export async function endWhatWaits(deps: ControlDeps, stop: Stop): Promise<Aftermath> {
  const [sessions, leases] = await Promise.all([waiting(deps), deps.controls.leases.list(deps.clock(), MAX_LOOKED_AT)]);
  const found = leases.ok ? leases.value.filter((lease) => isAbout(stop, lease)) : [];
  const cancelled = await inTurns(sessions ?? [], (id) => cancelOne(deps, stop, id));
  const revoked = await inTurns(found, (lease) => revokeOne(deps, stop, lease));
  const all = sessions !== undefined && sessions.length < MAX_LOOKED_AT && leases.ok && found.length < MAX_LOOKED_AT;
  return {
    cancelled: ids(cancelled),
    revoked: ids(revoked),
    complete: all && [...cancelled, ...revoked].every((one) => one !== 'failed'),
  };
}

async function waiting(deps: ControlDeps): Promise<readonly string[] | undefined> {
  // Due times lie at most a day ahead; this is past all of them.
  const ahead = new Date(deps.clock().getTime() + 7 * 86_400_000);
  const found = await Promise.all([
    deps.store.due('unannounced', ahead, MAX_LOOKED_AT),
    deps.store.due('waiting', ahead, MAX_LOOKED_AT),
  ]);
  return found.every((one) => one.ok) ? found.flatMap((one) => (one.ok ? one.value : [])) : undefined;
}

const isAbout = (stop: Stop, { agent, connection }: Lease): boolean =>
  stopCovers(stop.scope, { issuerUrl: agent.issuer, subject: agent.subject }, connection);

type Done = { readonly id: string } | 'none' | 'failed';
const ids = (all: readonly Done[]): readonly string[] =>
  all.flatMap((one) => (typeof one === 'string' ? [] : [one.id]));

async function cancelOne(deps: ControlDeps, stop: Stop, id: string): Promise<Done> {
  const why = `Stopped by ${stop.by}${stop.reason === '' ? '.' : `: ${stop.reason}`}`;
  const moved = await moveSession<never>(deps, id, ({ submitted, status }) => {
    const about = stopCovers(stop.scope, submitted.agent, submitted.connection);
    return ok(
      about && status === 'pending_approval' ? [{ type: 'ended', data: { how: 'cancelled', why, by: stop.by } }] : [],
    );
  });
  if (!moved.ok) return 'failed';
  if (!moved.value.changed) return 'none';
  await wakeWorkflow(deps, moved.value.session, moved.value.sideCar);
  return { id };
}

async function revokeOne(deps: ControlDeps, stop: Stop, lease: Lease): Promise<Done> {
  const by = { by: stop.by, at: stop.at, reason: `Stopped (${stop.id}).` };
  const revoked = await deps.controls.leases.revoke(lease.id, by);
  if (!revoked.ok) return 'failed';
  return revoked.value === 'revoked' ? { id: lease.id } : 'none';
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<Done>): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE)
    done.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  return done;
}
