import type { SessionEvent } from '../domain/event.ts';
import type { Metrics } from '../gateway/ports/metrics.ts';
import type { SessionStore } from '../gateway/ports/session-store.ts';
import { measuresOf } from '../gateway/record/measures.ts';

/** The store, and every event that it took is counted: after the write, so that what is counted is on record. */
export function measured(store: SessionStore, metrics: Metrics): SessionStore {
  const count = (session: string, before: readonly SessionEvent[], written: readonly SessionEvent[]): void => {
    metrics.record(measuresOf(before, written), { session });
  };
  return {
    ...store,
    async create(events, guard) {
      const created = await store.create(events, guard);
      if (created.ok && created.value.kind === 'created') count(events[0]?.session ?? '', [], events);
      return created;
    },
    async append(before, events, guard) {
      const appended = await store.append(before, events, guard);
      if (appended.ok && appended.value === 'written') count(before.id, before.events, events);
      return appended;
    },
  };
}
