import type { Act } from '../../shared/domain/act.ts';
import { agentKey } from '../../shared/domain/caller.ts';
import type { Lease } from '../../shared/domain/lease.ts';
import type { Review } from '../../shared/domain/review.ts';
import { dayOf, minuteOf, secondsLeft, type OverQuota, type QuotaScope } from '../../shared/domain/quota.ts';
import { stopKey, stopKeysOf, type Stop } from '../../shared/domain/stop.ts';
import type { Controls } from '../../shared/gateway/ports/controls.ts';
import type { Guard, Held } from '../../shared/gateway/ports/guard.ts';
import { err, ok } from '../../shared/platform/result.ts';

export interface MemoryControls extends Controls {
  /** What holds this write, or nothing: then everything the guard takes is taken. */
  hold(session: string, guard: Guard): Held | undefined;
  readonly acted: Act[];
  readonly leased: Map<string, Lease>;
  /** Sessions whose review nobody has closed. */
  owedReviews(): readonly string[];
}

/** The ports as their contract suite describes them, in memory. */
export function memoryControls(): MemoryControls {
  const stops = new Map<string, Stop>();
  const leased = new Map<string, Lease>();
  const questions = new Map<string, { session: string; until: string }>();
  const waiting = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  const acted: Act[] = [];
  const scopeKey = ({ kind, key }: QuotaScope) => `${kind}#${key}`;
  const used = (...parts: string[]) => counts.get(parts.join('|')) ?? 0;
  const count = (by: number, ...parts: string[]) => counts.set(parts.join('|'), used(...parts) + by);
  const change = (id: string, by: (lease: Lease) => Partial<Lease>) => {
    const lease = leased.get(id);
    if (lease !== undefined) leased.set(id, { ...lease, ...by(lease) });
  };
  /** A clock that is behind counts in the minute that others have begun. */
  const minutes = new Map<string, string>();
  const minuteFor = (scope: QuotaScope, now: Date): string => {
    const latest = [minutes.get(scopeKey(scope)) ?? '', minuteOf(now)].sort().at(-1) ?? '';
    minutes.set(scopeKey(scope), latest);
    return latest;
  };
  const done = () => Promise.resolve(ok(undefined));
  const reviews = memoryReviews();
  const setOf = (scope: QuotaScope) => {
    const set = waiting.get(scopeKey(scope)) ?? new Set<string>();
    waiting.set(scopeKey(scope), set);
    return set;
  };

  function held(session: string, { agent, connection, now, leases = [], question }: Guard): Held | undefined {
    const key = stopKeysOf(agent, connection).find((one) => stops.has(one));
    if (key !== undefined) return { kind: 'stopped', scope: stops.get(key)?.scope.kind ?? 'all' };
    for (const use of leases) {
      const lease = leased.get(use.lease);
      const active = lease !== undefined && lease.revoked === undefined && lease.expiresAt > now.toISOString();
      if (!active || lease.runsLeft < 1 || lease.rowsLeft < use.rows) return { kind: 'lease_spent', lease: use.lease };
    }
    if (question === undefined) return undefined;
    const there = questions.get(question.digest);
    if (there !== undefined && there.until >= now.toISOString() && there.session !== (question.instead ?? session))
      return { kind: 'asked_already', session: there.session };
    const full = question.scopes.find(
      (scope) => scope.quota.pending !== undefined && setOf(scope).size >= scope.quota.pending,
    );
    return full === undefined ? undefined : { kind: 'too_many_pending', scope: full };
  }

  return {
    acted,
    leased,
    hold: (session, guard) => {
      const by = held(session, guard);
      if (by !== undefined) return by;
      for (const use of guard.leases ?? [])
        change(use.lease, ({ runsLeft, rowsLeft }) => ({ runsLeft: runsLeft - 1, rowsLeft: rowsLeft - use.rows }));
      const { question } = guard;
      if (question !== undefined) questions.set(question.digest, { session, until: question.until });
      for (const scope of question?.scopes ?? []) if (scope.quota.pending !== undefined) setOf(scope).add(session);
      return undefined;
    },
    stops: {
      put: (stop) => {
        if ((stops.get(stopKey(stop.scope))?.id ?? '') <= stop.id) stops.set(stopKey(stop.scope), stop);
        return done();
      },
      lift: ({ id, scope }) => {
        if ((stops.get(stopKey(scope))?.id ?? '~') <= id) stops.delete(stopKey(scope));
        return done();
      },
      list: () => Promise.resolve(ok([...stops.values()])),
    },
    leases: {
      create: (lease) => {
        if (!leased.has(lease.id)) leased.set(lease.id, lease);
        return done();
      },
      get: (id) => Promise.resolve(ok(leased.get(id))),
      of: (agent, connection) => {
        const own = [...leased.values()].filter(
          (lease) =>
            lease.connection === connection &&
            agentKey({ issuerUrl: lease.agent.issuer, subject: lease.agent.subject }) === agentKey(agent),
        );
        return Promise.resolve(ok(own.sort((left, right) => (left.grantedAt < right.grantedAt ? 1 : -1))));
      },
      list: (now, limit) => {
        const alive = [...leased.values()].filter(
          (lease) => lease.revoked === undefined && lease.expiresAt > now.toISOString(),
        );
        return Promise.resolve(ok(alive.slice(0, limit)));
      },
      revoke: (id, by) => {
        const revocable = leased.get(id)?.revoked === undefined && leased.has(id);
        if (revocable) change(id, () => ({ revoked: by }));
        return Promise.resolve(ok(revocable ? 'revoked' : 'already'));
      },
      giveBack: (id, rows) => (change(id, ({ rowsLeft }) => ({ rowsLeft: rowsLeft + rows })), done()),
    },
    meter: {
      admit: (scopes, now) => {
        const over = scopes.flatMap((scope): OverQuota[] => {
          const { quota, kind } = scope;
          const full = (['requestsPerMinute', 'rowsPerDay', 'bytesPerDay'] as const).find((member) => {
            const at = member === 'requestsPerMinute' ? minuteFor(scope, now) : dayOf(now);
            const limit = quota[member];
            return limit !== undefined && used(scopeKey(scope), member, at) >= limit;
          });
          if (full === undefined) return (count(1, scopeKey(scope), 'requestsPerMinute', minuteFor(scope, now)), []);
          const limit = quota[full] ?? 0;
          return [{ code: 'over_quota', of: kind, member: full, limit, retryAfterSeconds: secondsLeft(full, now) }];
        });
        return Promise.resolve(over[0] === undefined ? ok(undefined) : err(over[0]));
      },
      spend: (scopes, { rows, bytes }, now) => {
        for (const scope of scopes) {
          count(rows, scopeKey(scope), 'rowsPerDay', dayOf(now));
          count(bytes, scopeKey(scope), 'bytesPerDay', dayOf(now));
        }
        return done();
      },
    },
    acts: {
      create: (act) => {
        const there = acted.find((one) => one.session === act.session);
        if (there === undefined) acted.push(act);
        const taken = there !== undefined && there.hash !== act.hash;
        return taken ? Promise.resolve(err({ code: 'record_unavailable', message: 'taken' } as const)) : done();
      },
      get: (id) => Promise.resolve(ok(acted.find((act) => act.session === id))),
    },
    pending: {
      of: (scope) => Promise.resolve(ok([...setOf(scope)])),
      drop: (scope, sessions) => {
        for (const id of sessions) setOf(scope).delete(id);
        return done();
      },
    },
    owedReviews: () => [...reviews.rows].flatMap(([id, { due }]) => (due === undefined ? [] : [id])),
    reviews,
  };
}

interface ReviewRow {
  review: Review;
  due?: string;
}

function memoryReviews(): Controls['reviews'] & { readonly rows: ReadonlyMap<string, ReviewRow> } {
  const rows = new Map<string, ReviewRow>();
  const done = () => Promise.resolve(ok(undefined));
  const change = (session: string, change: (row: ReviewRow) => void) => {
    const row = rows.get(session);
    if (row === undefined) return Promise.resolve(err({ code: 'record_unavailable', message: 'none' } as const));
    change(row);
    return done();
  };
  return {
    rows,
    owe: (review, due) => {
      if (!rows.has(review.session)) rows.set(review.session, { review, due: due.toISOString() });
      return done();
    },
    get: (session) => Promise.resolve(ok(rows.get(session)?.review)),
    close: (review) =>
      change(review.session, (row) => {
        row.review = review;
        delete row.due;
      }),
    drop: (session) => change(session, (row) => delete row.due),
    postpone: (session, due) => change(session, (row) => row.due !== undefined && (row.due = due.toISOString())),
    owed: (before, limit) =>
      Promise.resolve(
        ok(
          [...rows.entries()]
            .flatMap(([id, { due }]) =>
              due !== undefined && due < (before?.toISOString() ?? '~') ? [{ id, due }] : [],
            )
            .sort((left, right) => (left.due < right.due ? -1 : 1))
            .slice(0, limit)
            .map(({ id }) => id),
        ),
      ),
  };
}
