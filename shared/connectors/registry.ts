import type { Connector } from './connector.ts';
import type { DataApi } from './postgres/data-api.ts';
import { createPostgresConnector } from './postgres/index.ts';

/** What the world does for connectors. */
export interface Ways {
  readonly dataApi: DataApi;
}

/** Every kind of target. A new kind is a folder beside `postgres/`, a row here and one in `vocabularies.ts`. */
export function createConnectors(ways: Ways): ReadonlyMap<string, Connector> {
  return new Map([createPostgresConnector(ways.dataApi)].map((connector) => [connector.kind, connector]));
}
