import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { GatewayConfig } from '../../shared/contracts/config/gateway.ts';
import { accept } from './accept.ts';

const LOCK = ['s3:PutObjectRetention', 's3:PutObjectLegalHold'];

/**
 * The lasting record: finished sessions under `sessions/`, under `blobs/` what is too large for an item, under `digests/`
 * what proves them, and under `outcomes-pending/` outcomes that the table would not take.
 * Nothing in it can be changed or removed before its time, not by the gateway, not by the account's root user:
 * Object Lock in compliance mode. Sessions say how long; the rest is kept as long as the longest of them.
 */
export class Archive extends Construct {
  readonly bucket: Bucket;
  readonly #key: IKey;
  readonly #anchorArn: string | undefined;

  constructor(scope: Construct, key: IKey, gateway: GatewayConfig) {
    super(scope, 'Archive');
    this.#key = key;
    this.#anchorArn = gateway.anchor?.bucketArn;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(longest(gateway))),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    accept(
      this.bucket,
      'S1',
      'CloudTrail data events say who read what, with the identity; server access logs are best-effort and carry neither',
    );
    this.bucket.addToResourcePolicy(this.#createOnly());
    this.bucket.addToResourcePolicy(this.#noDelete());
  }

  /**
   * A put must carry `If-None-Match` (its only value is `*`), so a second put of a key fails instead of laying a new
   * version over the first. A multipart upload cannot carry it on its parts and is refused with them: the gateway sends none.
   */
  #createOnly(): PolicyStatement {
    return new PolicyStatement({
      sid: 'CreateOnly',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [this.bucket.arnForObjects('*')],
      conditions: { Null: { 's3:if-none-match': 'true' } },
    });
  }

  /** Object Lock keeps the versions; this keeps delete markers from hiding them. Old objects may still leave by a lifecycle rule. */
  #noDelete(): PolicyStatement {
    return new PolicyStatement({
      sid: 'NoDelete',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      resources: [this.bucket.arnForObjects('*')],
    });
  }

  grantReadBlobs(fn: LambdaFunction): void {
    this.#grant(fn, ['s3:GetObject'], 'blobs/*');
    this.#key.grantDecrypt(fn);
  }

  grantWriteBlobs(fn: LambdaFunction): void {
    this.#grant(fn, ['s3:PutObject'], 'blobs/*');
    this.#key.grant(fn, 'kms:GenerateDataKey');
  }

  /**
   * Also reads, so that "it exists already" can be told from "something else is there"; and sets each object's own
   * retention, which in compliance mode can be lengthened and nothing else.
   */
  grantWriteSessions(fn: LambdaFunction): void {
    this.#grant(fn, ['s3:PutObject', ...LOCK, 's3:GetObject'], 'sessions/*');
    // What a session refers to is kept as long as the session.
    this.#grant(fn, ['s3:GetObject', 's3:GetObjectRetention', ...LOCK], 'blobs/*');
    // Without it S3 answers 403 for an object that is not there, which could not be told from one that may not be seen.
    fn.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    this.#key.grant(fn, 'kms:GenerateDataKey', 'kms:Decrypt');
  }

  /** With the digests before, to go on from, and the public key beside them. The anchor's owner must allow the copy. */
  grantWriteDigests(fn: LambdaFunction): void {
    this.#grant(fn, ['s3:PutObject', 's3:GetObject'], 'digests/*');
    this.#grant(fn, ['s3:PutObject'], 'keys/*');
    this.#grantList(fn, 'digests/*');
    this.#key.grant(fn, 'kms:GenerateDataKey', 'kms:Decrypt');
    if (this.#anchorArn === undefined) return;
    fn.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: [`${this.#anchorArn}/digests/*`] }));
    fn.addEnvironment('ANCHOR_BUCKET', this.#anchorArn.replace(/^.*:::/, ''));
  }

  grantWriteOutcomes(fn: LambdaFunction): void {
    this.#grant(fn, ['s3:PutObject'], 'outcomes-pending/*');
    this.#key.grant(fn, 'kms:GenerateDataKey');
  }

  grantReadOutcomes(fn: LambdaFunction): void {
    this.#grant(fn, ['s3:GetObject'], 'outcomes-pending/*');
    this.#grantList(fn, 'outcomes-pending/*');
    this.#key.grantDecrypt(fn);
  }

  #grantList(fn: LambdaFunction, prefix: string): void {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': prefix } },
      }),
    );
  }

  #grant(fn: LambdaFunction, actions: string[], keys: string): void {
    fn.addToRolePolicy(new PolicyStatement({ actions, resources: [this.bucket.arnForObjects(keys)] }));
    fn.addEnvironment('ARCHIVE_BUCKET', this.bucket.bucketName);
  }
}

/** In days. A blob may belong to a session of any connection, and a digest to all of them. */
const longest = ({ retention, connections }: GatewayConfig): number =>
  Math.max(retention.archiveDays, ...connections.map((one) => one.retention?.archiveDays ?? 0));
