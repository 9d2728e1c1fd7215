import type { BatchEntry, Callback, Store, SubDb } from 'dynalite/db/index.js';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';

/** One item as it was and as it will be; `undefined` where there is none. */
export interface Change {
  readonly table: string;
  /** dynalite's key of the item in its table: one string an item. */
  readonly key: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/**
 * A view of the store in which reads are real and writes are only gathered. dynalite's own code runs on it unchanged
 * (conditions, update expressions, index rows), and what it would have written one row at a time is committed as one
 * LevelDB batch: an item and its index rows, and a whole transaction, are on disk together or not at all.
 * Right only while nobody else writes: every unit runs inside the service's one turnstile.
 */
export interface UnitOfWork {
  readonly view: Store;
  readonly entries: BatchEntry[];
  readonly changes: Change[];
  /** Items read so far by `table~key`: what a failed condition was judged on. */
  readonly seen: Map<string, JsonObject | undefined>;
}

export function openUnit(store: Store): UnitOfWork {
  const entries: BatchEntry[] = [];
  const changes: Change[] = [];
  const seen = new Map<string, JsonObject | undefined>();
  const view: Store = {
    ...store,
    getItemDb: (table) => gatherItems(store.getItemDb(table), table, { entries, changes, seen }),
    getIndexDb: (kind, table, index) =>
      gather(store.getIndexDb(kind, table, index), `index-${kind.toLowerCase()}~${table}~${index}~`, entries),
  };
  return { view, entries, changes, seen };
}

/** Rows written under dynalite's own prefixes (db/index.js, getSubDb); the contract suite reads them back through it. */
function gather(real: SubDb, prefix: string, entries: BatchEntry[]): SubDb {
  return {
    ...real,
    put: (key, value, callback) => {
      entries.push({ type: 'put', key: prefix + key, value });
      soon(callback);
    },
    del: (key, callback) => {
      entries.push({ type: 'del', key: prefix + key });
      soon(callback);
    },
    batch: () => {
      throw new Error('a unit of work gathers single writes only');
    },
  };
}

function gatherItems(real: SubDb, table: string, unit: Omit<UnitOfWork, 'view'>): SubDb {
  const plain = gather(real, `item-${table}~`, unit.entries);
  const note = (key: string, after: JsonObject | undefined): void => {
    unit.changes.push({ table, key, before: unit.seen.get(`${table}~${key}`), after });
  };
  return {
    ...plain,
    get: (key, callback) => {
      real.get(key, (error, item) => {
        unit.seen.set(`${table}~${key}`, item);
        callback(error, item);
      });
    },
    put: (key, value, callback) => {
      note(key, value);
      plain.put(key, value, callback);
    },
    del: (key, callback) => {
      note(key, undefined);
      plain.del(key, callback);
    },
  };
}

/** As a real store answers: never inside the call, or dynalite's locks would be released before they are taken. */
const soon = (callback: Callback): void => {
  queueMicrotask(() => {
    callback(null);
  });
};
