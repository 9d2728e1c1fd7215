import { Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { Archive } from './archive.ts';

/** Every member of an event. `data` differs by type, so it stays JSON text: `json_extract_scalar(data, '$.connection')`. */
const COLUMNS = [
  { name: 'v', type: 'int' },
  { name: 'type', type: 'string' },
  { name: 'session', type: 'string' },
  { name: 'seq', type: 'int' },
  { name: 'at', type: 'string' },
  { name: 'nonce', type: 'string' },
  { name: 'prev', type: 'string' },
  { name: 'hash', type: 'string' },
  { name: 'data', type: 'string' },
];

/**
 * The archive as a table of events in Athena, one row an event, one partition a day. Partitions are projected from the
 * day (Athena user guide, "Partition projection"), so no crawler runs and a session can be queried as soon as it lies there.
 */
export class ArchiveTable extends Construct {
  constructor(scope: Construct, archive: Archive) {
    super(scope, 'ArchiveTable');
    const catalogId = Stack.of(this).account;
    const name = 'countersign';
    const database = new CfnDatabase(this, 'Database', { catalogId, databaseInput: { name } });
    const location = `s3://${archive.bucket.bucketName}/sessions/`;
    const table = new CfnTable(this, 'Table', {
      catalogId,
      databaseName: name,
      tableInput: {
        name: 'events',
        description: 'Events of the archived sessions',
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [{ name: 'day', type: 'string' }],
        parameters: projection(location),
        storageDescriptor: {
          columns: COLUMNS,
          location,
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
    table.addResourceDependency(database);
  }
}

const projection = (location: string): Record<string, string> => ({
  EXTERNAL: 'TRUE',
  'projection.enabled': 'true',
  'projection.day.type': 'date',
  'projection.day.format': 'yyyy/MM/dd',
  'projection.day.range': '2026/01/01,NOW',
  'storage.location.template': `${location}\${day}`,
});
