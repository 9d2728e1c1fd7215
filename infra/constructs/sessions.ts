import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

const INDEXES = ['byAgent', 'byDay', 'open'] as const;

const READ = ['dynamodb:GetItem'];
/** No DeleteItem and no Scan: what was recorded stays, and nothing reads everybody's sessions at once. */
const WRITE = [...READ, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'];

/** The live record: one partition a session. Finished sessions leave by TTL, long after they were archived. */
export class Sessions extends Construct {
  readonly table: Table;
  readonly #key: IKey;

  constructor(scope: Construct, key: IKey) {
    super(scope, 'Sessions');
    this.#key = key;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: 'expiresAt',
      stream: StreamViewType.NEW_IMAGE,
    });
    this.#addIndexes();
  }

  #addIndexes(): void {
    const startedAt = { name: 'startedAt', type: AttributeType.STRING };
    this.table.addGlobalSecondaryIndex({
      indexName: 'byAgent',
      partitionKey: { name: 'agentKey', type: AttributeType.STRING },
      sortKey: startedAt,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: 'byDay',
      partitionKey: { name: 'day', type: AttributeType.STRING },
      sortKey: startedAt,
    });
    // Sparse: only what still needs something done carries `open`, so the sweep reads as little as there is to do.
    this.table.addGlobalSecondaryIndex({
      indexName: 'open',
      partitionKey: { name: 'open', type: AttributeType.STRING },
      sortKey: { name: 'due', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }

  grantRead(fn: LambdaFunction): void {
    this.#grant(fn, READ);
    this.#key.grantDecrypt(fn);
  }

  grantReadWrite(fn: LambdaFunction): void {
    this.#grant(fn, WRITE);
    this.#key.grantEncryptDecrypt(fn);
  }

  /** Queries reach the three indexes by name; CDK's own grants say `index/*`. */
  #grant(fn: LambdaFunction, actions: string[]): void {
    const { tableArn, tableName } = this.table;
    const indexes = INDEXES.map((index) => `${tableArn}/index/${index}`);
    fn.addToRolePolicy(new PolicyStatement({ actions, resources: [tableArn] }));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources: [tableArn, ...indexes] }));
    fn.addEnvironment('SESSIONS_TABLE', tableName);
  }
}
