import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { deployBucket } from '../../infra/local/deploy/buckets.ts';
import { deployTable } from '../../infra/local/deploy/tables.ts';
import { planOf } from '../../infra/local/template/plan.ts';
import { templateSchema } from '../../infra/local/template/template.ts';
import { synthesise } from '../infra/template.ts';
import type { ClientSettings } from '../local/endpoint.ts';

let plan: ReturnType<typeof planOf> | undefined;
/** What the stack deploys, synthesised once a test file: table and bucket are made as they are on AWS. */
const deployed = () => (plan ??= planOf(templateSchema.parse(synthesise().toJSON()), '.'));

/** The sessions table under a name of its own. */
export async function makeSessionsTable(settings: ClientSettings): Promise<{ client: DynamoDBClient; name: string }> {
  const [table] = deployed().tables;
  if (table === undefined) throw new Error('the template has no table');
  const client = new DynamoDBClient(settings);
  const name = `sessions-${randomUUID()}`;
  await deployTable(client, { ...table, TableName: name });
  return { client, name };
}

/** The archive bucket, with its Object Lock, under a name of its own. */
export async function makeArchiveBucket(settings: ClientSettings): Promise<{ client: S3Client; name: string }> {
  const bucket = deployed().buckets.find(({ ObjectLockEnabled }) => ObjectLockEnabled === true);
  if (bucket === undefined) throw new Error('the template has no bucket with Object Lock');
  const client = new S3Client({ ...settings, forcePathStyle: true });
  const name = `archive-${randomUUID()}`;
  await deployBucket(client, { ...bucket, Bucket: name });
  return { client, name };
}
