import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * Encrypts everything the gateway keeps. A key of our own rather than one of AWS's, so that its use shows in CloudTrail
 * and so that disabling it shuts the whole record at once. Kept when the stack is deleted: what it encrypted is, too.
 */
export class DataKey extends Key {
  constructor(scope: Construct) {
    super(scope, 'DataKey', {
      description: 'Countersign: sessions, archive and configuration',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
