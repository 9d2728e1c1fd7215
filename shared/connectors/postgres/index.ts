import type { PostgresConnection } from '../../contracts/config/connection.ts';
import type { Connector } from '../connector.ts';
import { objectsOf } from './catalogue/objects.ts';
import type { Logins } from './catalogue/take.ts';
import type { DataApi } from './data-api.ts';
import { createPostgresExecutor, credentialFor } from './execute/executor.ts';
import { createPostgresEstimate } from './preview/estimate.ts';
import { createPostgresPreview } from './preview/index.ts';
import { shapeOf } from './shape/index.ts';
import { createPostgresUnderstanding } from './understanding.ts';

/** PostgreSQL behind the RDS Data API: read with PostgreSQL's own grammar, run with a credential the agent never sees. */
export function createPostgresConnector(dataApi: DataApi, logins: Logins = 'both'): Connector<PostgresConnection> {
  return {
    kind: 'postgres',
    ...createPostgresUnderstanding(dataApi, logins),
    objects: objectsOf,
    credential: credentialFor,
    shapeOf,
    estimate: createPostgresEstimate(dataApi),
    preview: createPostgresPreview(dataApi),
    execute: createPostgresExecutor(dataApi),
  };
}
