import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { Bundle } from '../../shared/contracts/config/bundle.ts';
import { asInterface } from './cdk-types.ts';
import { LOG_RETENTION } from './gateway-function.ts';

const BUNDLE_KEY = 'bundle.json';

/** Bounds how long a withdrawn policy can still permit; at 30 s a warm function reads it 120 times an hour. */
const MAX_AGE_SECONDS = 30;

/**
 * The configuration as one validated JSON object in a versioned bucket. Functions read it at run time, so a change of
 * policy is a deployment of one object: no function is touched.
 */
export class Configuration extends Construct {
  readonly bucket: Bucket;
  readonly #key: IKey;

  constructor(scope: Construct, key: IKey, bundle: Bundle) {
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
    new BucketDeployment(this, 'Bundle', {
      destinationBucket: asInterface(this.bucket),
      sources: [Source.data(BUNDLE_KEY, JSON.stringify(bundle))],
      prune: false,
      retainOnDelete: true,
      logGroup: new LogGroup(this, 'UploadLogs', { retention: LOG_RETENTION, removalPolicy: RemovalPolicy.DESTROY }),
    });
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
