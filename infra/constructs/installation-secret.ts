import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { accept } from './accept.ts';

/**
 * What keyed digests are made with: 64 letters and digits that Secrets Manager chooses (some 380 bits), never in the
 * template. Not rotated and kept when the stack is deleted: digests on record are compared under it for years.
 */
export class InstallationSecret extends Construct {
  readonly #secret: Secret;
  readonly #key: IKey;

  constructor(scope: Construct, key: IKey) {
    super(scope, 'Installation');
    this.#key = key;
    this.#secret = new Secret(this, 'Secret', {
      description: 'Countersign: keys the digests of unmasked answers and of masked values',
      encryptionKey: key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    accept(this.#secret, 'SMG4', 'not rotated: digests on record are compared under it for years');
  }

  grantRead(fn: LambdaFunction): void {
    const resources = [this.#secret.secretArn];
    fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources }));
    this.#key.grantDecrypt(fn);
    fn.addEnvironment('INSTALLATION_SECRET', this.#secret.secretArn);
  }
}
