import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { sealBundle } from '../../../shared/config/deployed-bundle.ts';
import type { Bundle } from '../../../shared/contracts/config/bundle.ts';
import type { Bucket } from '../template/shapes.ts';

/** Makes a bucket of the template with its versioning and Object Lock. Policies, encryption and lifecycle are not emulated. */
export async function deployBucket(client: S3Client, bucket: Bucket): Promise<void> {
  const { Bucket, VersioningConfiguration, ObjectLockEnabled = false, ObjectLockConfiguration } = bucket;
  try {
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: ObjectLockEnabled }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
  // Object Lock implies versioning, and S3 refuses to be told about it then.
  if (VersioningConfiguration !== undefined && !ObjectLockEnabled) {
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  const retention = ObjectLockConfiguration?.Rule?.DefaultRetention;
  if (retention === undefined) return;
  const { Mode, Days, Years } = retention;
  const rule = { Mode, ...(Days === undefined ? {} : { Days }), ...(Years === undefined ? {} : { Years }) };
  const configuration = { ObjectLockEnabled: 'Enabled' as const, Rule: { DefaultRetention: rule } };
  await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: configuration }));
}

/** What the deployment of the configuration does on AWS: one validated JSON object where the functions read it. */
export async function uploadBundle(
  client: S3Client,
  place: { bucket: string; key: string },
  bundle: Bundle,
): Promise<void> {
  const Body = sealBundle(bundle).text;
  await client.send(
    new PutObjectCommand({ Bucket: place.bucket, Key: place.key, Body, ContentType: 'application/json' }),
  );
}
