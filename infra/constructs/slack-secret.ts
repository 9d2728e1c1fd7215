import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { grantSecretKeys, secretResources } from './secret-arns.ts';

/** Slack's token and signing secret: made by hand, named by the configuration, read at run time. Never in the template. */
export class SlackSecret {
  readonly #arn: string | undefined;
  readonly #secretKeys: readonly string[];

  /** `undefined` when the configuration has no Slack: then there is nothing to read. */
  constructor(arn: string | undefined, secretKeys: readonly string[]) {
    this.#arn = arn;
    this.#secretKeys = secretKeys;
  }

  grantRead(fn: LambdaFunction): void {
    if (this.#arn === undefined) return;
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secretResources([this.#arn]) }),
    );
    grantSecretKeys(fn, this.#secretKeys);
  }
}
