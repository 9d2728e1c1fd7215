import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { sealBundle } from '../shared/config/deployed-bundle.ts';
import type { Bundle } from '../shared/contracts/config/bundle.ts';
import { BUNDLE_KEY } from './bundle-key.ts';
import { accept } from './constructs/accept.ts';
import { asInterface } from './constructs/cdk-types.ts';

export interface ConfigurationStackProps extends StackProps {
  readonly bundle: Bundle;
  readonly bucket: Bucket;
  readonly logDays: RetentionDays;
}

/**
 * What the gateway is told, and nothing else: one sealed object in the bucket of the gateway's stack. A change of policy
 * deploys this stack alone; functions read the new object within half a minute. Whoever may deploy this stack governs the
 * gateway; it takes no right to touch a function, a role or a table.
 */
export class ConfigurationStack extends Stack {
  constructor(scope: Construct, id: string, { bundle, bucket, logDays, ...props }: ConfigurationStackProps) {
    super(scope, id, { description: 'Countersign: policies and configuration, one sealed object.', ...props });
    const { sha256, text } = sealBundle(bundle);
    new BucketDeployment(this, 'Bundle', {
      destinationBucket: asInterface(bucket),
      sources: [Source.data(BUNDLE_KEY, text)],
      // Nothing else may lie there, and nothing is ever taken away: the versions before stay.
      prune: false,
      retainOnDelete: true,
      logGroup: new LogGroup(this, 'UploadLogs', { retention: logDays, removalPolicy: RemovalPolicy.DESTROY }),
    });
    const managed = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    accept(this, `IAM4[Policy::${managed}]`, "the uploader is CDK's own, and runs only while this stack is deployed");
    accept(this, 'L1', "the uploader is CDK's own, and runs only while this stack is deployed");
    new CfnOutput(this, 'BundleSha256', { value: sha256 });
  }
}
