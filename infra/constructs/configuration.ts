import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BUNDLE_KEY } from '../bundle-key.ts';
import { accept } from './accept.ts';

/** Bounds how long a withdrawn policy can still permit; at 30 s a warm function reads it 120 times an hour. */
const MAX_AGE_SECONDS = 30;

/** Where the configuration lies: one sealed JSON object in a versioned bucket, put there by a stack of its own. */
export class Configuration extends Construct {
  readonly bucket: Bucket;
  readonly #key: IKey;

  constructor(scope: Construct, key: IKey) {
    super(scope, 'Configuration');
    this.#key = key;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      // Every version that ever judged is kept a year after it was replaced; the archive cites them by digest.
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(365) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    accept(
      this.bucket,
      'S1',
      'CloudTrail data events say who read what, with the identity; server access logs are best-effort and carry neither',
    );
  }

  grantRead(fn: LambdaFunction): void {
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects(BUNDLE_KEY)] }),
    );
    this.#key.grantDecrypt(fn);
    fn.addEnvironment('CONFIG_BUCKET', this.bucket.bucketName);
    fn.addEnvironment('CONFIG_KEY', BUNDLE_KEY);
    fn.addEnvironment('CONFIG_MAX_AGE_SECONDS', String(MAX_AGE_SECONDS));
  }
}
