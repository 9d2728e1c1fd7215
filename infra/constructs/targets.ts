import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { secretArnsOf, type Connection } from '../../shared/contracts/config/connection.ts';
import { grantSecretKeys, secretResources } from './secret-arns.ts';

const EXECUTE = ['rds-data:ExecuteStatement'];
/** For previews, which are rolled back. */
const TRY = ['rds-data:BeginTransaction', 'rds-data:RollbackTransaction'];
/** For approvals that are bound to a number of rows. */
const TRANSACT = [...TRY, 'rds-data:CommitTransaction'];

/**
 * What the gateway reaches into, taken from the connections of the configuration, so that adding a connection gives
 * its permission and nothing else does. The Data API wants its caller to be able to read the secret that it names.
 */
export class Targets {
  readonly #connections: readonly Connection[];
  readonly #secretKeys: readonly string[];

  /** `secretKeys` encrypt the secrets, where AWS's own key does not. */
  constructor(connections: readonly Connection[], secretKeys: readonly string[]) {
    this.#connections = connections;
    this.#secretKeys = secretKeys;
  }

  grantExecute(fn: LambdaFunction): void {
    this.#grant(fn, [...EXECUTE, ...TRANSACT], 'all');
  }

  grantPreview(fn: LambdaFunction): void {
    this.#grant(fn, [...EXECUTE, ...TRY], 'all');
  }

  /** The login that can only read, where there is one. */
  grantRead(fn: LambdaFunction): void {
    this.#grant(fn, EXECUTE, 'read');
  }

  /** A Kubernetes API server is reached over the network; what AWS permits is the secret, and for EKS nothing: signing needs no permission. */
  #grant(fn: LambdaFunction, actions: readonly string[], logins: 'all' | 'read'): void {
    const clusters = [
      ...new Set(this.#connections.flatMap((one) => (one.kind === 'postgres' ? [one.resourceArn] : []))),
    ];
    const secrets = secretResources(this.#connections.flatMap((connection) => secretArnsOf(connection)[logins]));
    if (clusters.length > 0) fn.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: clusters }));
    if (secrets.length > 0)
      fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secrets }));
    grantSecretKeys(fn, this.#secretKeys);
  }
}
