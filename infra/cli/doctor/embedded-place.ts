import { ExecuteStatementCommand } from '@aws-sdk/client-rds-data';
import { rdsDataClient } from '../../../shared/aws/clients.ts';
import { useStack } from '../archive/open-archive.ts';
import { runningStack } from '../running-stack.ts';
import { nameOf } from './finding.ts';
import type { Place } from './place.ts';

/** The stack that runs on this machine. Its Data API is asked a question, since it has nobody who describes it. */
export function embeddedPlace(state: string | undefined): Place {
  const { url, environment } = runningStack(state);
  useStack(environment);
  return {
    url,
    configBucket: environment['CONFIG_BUCKET'] ?? '',
    archiveBucket: environment['ARCHIVE_BUCKET'] ?? '',
    async dataApiFault(connection) {
      const { resourceArn, database, readSecretArn: secretArn = connection.secretArn } = connection;
      try {
        await rdsDataClient().send(new ExecuteStatementCommand({ resourceArn, secretArn, database, sql: 'SELECT 1' }));
        return undefined;
      } catch (error) {
        return `it does not answer: ${nameOf(error)}`;
      }
    },
  };
}
