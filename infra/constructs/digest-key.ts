import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * Signs the digests of the archive. Asymmetric, so that who verifies needs the public half and nothing of AWS; kept when
 * the stack is deleted, because what it signed is to be verified for years.
 */
export class DigestKey extends Key {
  constructor(scope: Construct) {
    super(scope, 'DigestKey', {
      description: 'Countersign: signs the digests of the archive',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  grantDigests(fn: LambdaFunction): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [this.keyArn] }));
    fn.addEnvironment('DIGEST_KEY_ID', this.keyId);
  }
}
