import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Connection } from '../../shared/contracts/config/connection.ts';
import { secretResources } from './secret-arns.ts';

const EXECUTE = ['rds-data:ExecuteStatement'];
/** For previews, which are rolled back. */
const TRY = ['rds-data:BeginTransaction', 'rds-data:RollbackTransaction'];
/** For approvals that are bound to a number of rows. */
const TRANSACT = [...TRY, 'rds-data:CommitTransaction'];

const bothLogins = ({ secretArn, readSecretArn }: Connection): string[] => [
  secretArn,
  ...(readSecretArn === undefined ? [] : [readSecretArn]),
];

/**
 * What the gateway reaches into, taken from the connections of the configuration, so that adding a connection gives
 * its permission and nothing else does. The Data API wants its caller to be able to read the secret that it names.
 */
export class Targets {
  readonly #connections: readonly Connection[];

  constructor(connections: readonly Connection[]) {
    this.#connections = connections;
  }

  grantExecute(fn: LambdaFunction): void {
    this.#grant(fn, [...EXECUTE, ...TRANSACT], bothLogins);
  }

  grantPreview(fn: LambdaFunction): void {
    this.#grant(fn, [...EXECUTE, ...TRY], bothLogins);
  }

  /** The login that can only read, where there is one. */
  grantRead(fn: LambdaFunction): void {
    this.#grant(fn, EXECUTE, (connection) => [connection.readSecretArn ?? connection.secretArn]);
  }

  #grant(fn: LambdaFunction, actions: readonly string[], secretsOf: (connection: Connection) => string[]): void {
    const clusters = [...new Set(this.#connections.map((connection) => connection.resourceArn))];
    fn.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: clusters }));
    const secrets = secretResources(this.#connections.flatMap(secretsOf));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secrets }));
  }
}
