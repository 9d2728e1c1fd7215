import type { Catalogue, Connector } from '../../connectors/connector.ts';
import type { Connection } from '../../contracts/config/connection.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';

/** How long a snapshot of a target's names serves. A dropped trigger or a new function is known at most this much later. */
const LIFETIME_MS = 5 * 60_000;
/** Least time between two refreshes of one connection: names that do not exist must not become calls to the target. */
const REFRESH_PAUSE_MS = 2_000;

interface Held {
  readonly catalogue: Catalogue;
  readonly takenAt: number;
}

/** Snapshots of the targets' names, kept while the function is warm. */
export interface Catalogues {
  /** The one at hand, if it is not too old. Never calls the target. */
  held(connection: Connection): Catalogue | undefined;
  /** A fresh one, or the one at hand when it was taken a moment ago; `undefined` when the target cannot be asked. */
  refresh(connection: Connection, connector: Connector): Promise<Catalogue | undefined>;
}

export function createCatalogues(clock: Clock, log: Log): Catalogues {
  const held = new Map<string, Held>();
  const age = (key: string): number => clock().getTime() - (held.get(key)?.takenAt ?? Number.NEGATIVE_INFINITY);
  const youngerThan = (key: string, ms: number): Catalogue | undefined =>
    age(key) < ms ? held.get(key)?.catalogue : undefined;
  return {
    held: (connection) => youngerThan(keyOf(connection), LIFETIME_MS),
    refresh: async (connection, connector) => {
      const key = keyOf(connection);
      const recent = youngerThan(key, REFRESH_PAUSE_MS);
      if (recent !== undefined) return recent;
      const taken = await connector.catalogue(connection);
      if (!taken.ok) {
        log.warn('catalogue could not be taken', { connection: connection.name, fault: taken.error.message });
        return undefined;
      }
      held.set(key, { catalogue: taken.value, takenAt: clock().getTime() });
      return taken.value;
    },
  };
}

/** The whole connection: one that is re-pointed under the same name is another target. */
const keyOf = (connection: Connection): string => JSON.stringify(connection);
