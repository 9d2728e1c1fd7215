import type { Connection, KubernetesConnection, PostgresConnection } from '../contracts/config/connection.ts';
import type { Connector } from './connector.ts';
import type { KubernetesApi } from './kubernetes/api.ts';
import { createKubernetesConnector } from './kubernetes/index.ts';
import type { Logins } from './postgres/catalogue/take.ts';
import type { DataApi } from './postgres/data-api.ts';
import { createPostgresConnector } from './postgres/index.ts';

/** What the world does for connectors. */
export interface Ways {
  readonly dataApi: DataApi;
  readonly kubernetes: KubernetesApi;
  /** Which logins of a database may be used; default both. */
  readonly logins?: Logins;
}

/** Every kind of target. A new kind is a folder beside `postgres/`, a row here and one in `vocabularies.ts`. */
export function createConnectors(ways: Ways): ReadonlyMap<string, Connector> {
  const rows = [
    ofKind(isPostgres, createPostgresConnector(ways.dataApi, ways.logins)),
    ofKind(isKubernetes, createKubernetesConnector(ways.kubernetes)),
  ];
  return new Map(rows.map((connector) => [connector.kind, connector]));
}

const isPostgres = (connection: Connection): connection is PostgresConnection => connection.kind === 'postgres';
const isKubernetes = (connection: Connection): connection is KubernetesConnection => connection.kind === 'kubernetes';

/** A connector for any connection out of one for its own kind. The gateway takes it by that kind, so another is a programmer's error. */
function ofKind<C extends Connection>(is: (connection: Connection) => connection is C, one: Connector<C>): Connector {
  const own = (connection: Connection): C => {
    if (is(connection)) return connection;
    throw new TypeError(`a connection of kind ${connection.kind} was given to the connector for ${one.kind}`);
  };
  return {
    kind: one.kind,
    analyze: (statement, catalogue, connection) => one.analyze(statement, catalogue, own(connection)),
    lineage: (statement, catalogue) => one.lineage(statement, catalogue),
    catalogue: (connection) => one.catalogue(own(connection)),
    credential: (connection, effects) => one.credential(own(connection), effects),
    preview: (statement, connection, ...known) => one.preview(statement, own(connection), ...known),
    execute: (statement, connection, ...known) => one.execute(statement, own(connection), ...known),
    ...(one.shapeOf === undefined ? {} : { shapeOf: async (statement) => one.shapeOf?.(statement) }),
    ...(one.objects === undefined ? {} : { objects: (catalogue) => one.objects?.(catalogue) ?? [] }),
    ...(one.whyNotRun === undefined ? {} : { whyNotRun: (statement) => one.whyNotRun?.(statement) }),
    ...(one.estimate === undefined
      ? {}
      : { estimate: async (statement, connection, effects) => one.estimate?.(statement, own(connection), effects) }),
  };
}
