import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { defaultRegion } from '../services/service.ts';

/**
 * Clients of the deployment, as `cdk deploy` has clients of its own: addressed explicitly, because several stacks may
 * run in one process. The functions find the same endpoints through AWS_ENDPOINT_URL_* and shared/aws/clients.ts.
 */
const common = {
  region: defaultRegion,
  credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  maxAttempts: 1,
};

export const dynamoAt = (endpoint: string): DynamoDBClient => new DynamoDBClient({ ...common, endpoint });
export const s3At = (endpoint: string): S3Client => new S3Client({ ...common, endpoint, forcePathStyle: true });
export const secretsAt = (endpoint: string): SecretsManagerClient => new SecretsManagerClient({ ...common, endpoint });
