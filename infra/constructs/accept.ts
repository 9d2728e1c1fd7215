import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a finding of cdk-nag (rules "AwsSolutions") is right as it is, where it is made. A finding that nobody accepted fails
 * `test/infra/nag.test.ts`. Patterns in permissions (rule IAM5) are accepted nowhere but in the table of docs/PERMISSIONS.md.
 */
export function accept(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}
