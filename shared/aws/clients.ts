import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Sha256 } from './sha256.ts';

/**
 * The only place that makes an AWS SDK client: one a service, made at its first use, so that connections are kept
 * alive across the calls of a warm function. Region, credentials and endpoints are the SDK's own business: the role
 * and `AWS_REGION` on Lambda, `AWS_ENDPOINT_URL_*` on a laptop.
 *
 * They are functions over module variables, not one object, so that a bundle carries only the clients it calls.
 */
let documents: DynamoDBDocumentClient | undefined;
let s3: S3Client | undefined;
let sfn: SFNClient | undefined;
let secrets: SecretsManagerClient | undefined;
let kms: KMSClient | undefined;
let rdsData: RDSDataClient | undefined;

/** A regional endpoint connects within tens of milliseconds; 2 s leaves room for one lost SYN (retransmitted at 1 s). */
const CONNECT_MS = 2_000;

/** `requestTimeout` alone only warns; a hung call must end inside the 30 s of an HTTP API integration. */
const within = (requestTimeout: number) => ({
  requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout, throwOnRequestTimeout: true },
});

/**
 * The SDK walks every input and output once more for a logger that nobody set (a sixth of the time of an allowed read
 * of 1,000 rows, by profile). Without that middleware nothing of a statement or a row can reach a log from here either.
 */
function unlogged<C extends { readonly middlewareStack: { remove(name: string): boolean } }>(client: C): C {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

/** Reads and writes of single items answer in milliseconds: 3 s is lost. Writes carry a nonce, so retries are safe. */
export function dynamoDocuments(): DynamoDBDocumentClient {
  return (documents ??= DynamoDBDocumentClient.from(
    unlogged(new DynamoDBClient({ maxAttempts: 3, sha256: Sha256, ...within(3_000) })),
    {
      // A member that is undefined is a member that is not there; anything else unknown is an error, not a guess.
      marshallOptions: { removeUndefinedValues: true },
    },
  ));
}

/** Bodies of some MB: 10 s. Path style, because an embedded endpoint has no names for buckets. Puts are create-only. */
export function s3Client(): S3Client {
  return (s3 ??= unlogged(new S3Client({ maxAttempts: 3, forcePathStyle: true, ...within(10_000) })));
}

/** `StartExecution` is idempotent by name and votes are written before they are sent, so both may be retried. */
export function sfnClient(): SFNClient {
  return (sfn ??= unlogged(new SFNClient({ maxAttempts: 3, ...within(5_000) })));
}

export function secretsManagerClient(): SecretsManagerClient {
  return (secrets ??= unlogged(new SecretsManagerClient({ maxAttempts: 3, ...within(5_000) })));
}

export function kmsClient(): KMSClient {
  return (kms ??= unlogged(new KMSClient({ maxAttempts: 3, ...within(5_000) })));
}

/**
 * One attempt: the SDK cannot know whether a statement ran before the connection broke, so a retry could run it twice.
 * 50 s outlasts the Data API's own 45 s, so that its verdict reaches us instead of our impatience; callers abort sooner.
 */
export function rdsDataClient(): RDSDataClient {
  return (rdsData ??= unlogged(new RDSDataClient({ maxAttempts: 1, sha256: Sha256, ...within(50_000) })));
}
