import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * CDK's classes declare `T | undefined` where its interfaces declare an optional `T`, which `exactOptionalPropertyTypes`
 * calls different. They are the same objects; this says so, for these pairs and no others.
 */
export function asInterface(resource: Table): ITable;
export function asInterface(resource: Bucket): IBucket;
export function asInterface(resource: Vpc): IVpc;
export function asInterface(resource: unknown): unknown {
  return resource;
}
