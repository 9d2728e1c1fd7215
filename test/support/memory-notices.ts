import type { Notices } from '../../shared/gateway/ports/notices.ts';
import type { NoticeRef } from '../../shared/gateway/ports/notifier.ts';
import { ok } from '../../shared/platform/result.ts';

interface Row {
  readonly notices: NoticeRef[];
  readonly marks: Map<string, string>;
  due?: string;
  owedAt?: string;
}

export interface MemoryNotices extends Notices {
  readonly rows: ReadonlyMap<string, Row>;
}

/** The port as its contract suite describes it, in memory. */
export function memoryNotices(): MemoryNotices {
  const rows = new Map<string, Row>();
  const rowOf = (session: string): Row => {
    const row = rows.get(session) ?? { notices: [], marks: new Map<string, string>() };
    rows.set(session, row);
    return row;
  };
  const done = () => Promise.resolve(ok(undefined));
  return {
    rows,
    of: (session) => Promise.resolve(ok([...(rows.get(session)?.notices ?? [])])),
    claim: (session, channel, now, until) => {
      const { marks } = rowOf(session);
      const free = (marks.get(channel) ?? '') < now.toISOString();
      if (free) marks.set(channel, until.toISOString());
      return Promise.resolve(ok(free));
    },
    release: (session, channel, until) => {
      const { marks } = rowOf(session);
      if ((marks.get(channel) ?? '~') < '~') marks.set(channel, until.toISOString());
      return done();
    },
    keep: (session, notice, due) => {
      const row = rowOf(session);
      if (row.notices.some(({ channel, ts }) => channel === notice.channel && ts === notice.ts)) return done();
      row.notices.push(notice);
      row.marks.set(notice.channel, '~');
      row.due = due.toISOString();
      return done();
    },
    owe: (session, now, due) => {
      const row = rows.get(session);
      if (row === undefined || row.notices.length === 0) return done();
      row.due = due.toISOString();
      row.owedAt = now.toISOString();
      return done();
    },
    postpone: (session, due) => {
      const row = rows.get(session);
      if (row?.due !== undefined) row.due = due.toISOString();
      return done();
    },
    settle: (session, count, quietSince) => {
      const row = rows.get(session);
      const quiet = row !== undefined && (row.owedAt ?? '') < quietSince.toISOString();
      if (row?.notices.length !== count || !quiet) return Promise.resolve(ok(false));
      delete row.due;
      return Promise.resolve(ok(true));
    },
    owed: (before, limit) => {
      const due = [...rows.entries()]
        .flatMap(([id, row]) => (row.due !== undefined && row.due < before.toISOString() ? [{ id, due: row.due }] : []))
        .sort((left, right) => (left.due < right.due ? -1 : 1));
      return Promise.resolve(ok(due.slice(0, limit).map(({ id }) => id)));
    },
  };
}
