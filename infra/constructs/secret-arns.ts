import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * What IAM must name to match one secret. The full ARN ends in a hyphen and six characters that Secrets Manager chose;
 * an ARN in the configuration may be given with or without them, and which it is cannot be told from the text
 * (`…:orders-reader` has six letters, too). So both: as given, and as given with six more characters.
 */
export function secretResources(arns: readonly string[]): string[] {
  return [...new Set(arns)].flatMap((arn) => [arn, `${arn}-??????`]);
}

/** Opens what a customer-managed key encrypts, and only on the way through Secrets Manager (its user guide, "Secret encryption and decryption"). */
export function grantSecretKeys(fn: LambdaFunction, keyArns: readonly string[]): void {
  if (keyArns.length === 0) return;
  const { region, urlSuffix } = Stack.of(fn);
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [...keyArns],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
    }),
  );
}
