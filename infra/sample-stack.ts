import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
} from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { accept } from './constructs/accept.ts';
import { asInterface } from './constructs/cdk-types.ts';

const DATABASE = 'shop';

/**
 * A small Aurora PostgreSQL to try the gateway on, by `sample: true` in `deployment.yaml`. Serverless v2 that sleeps at zero
 * capacity while nobody asks, reached by the Data API alone: no route leads to it, and no security group lets anybody in.
 * Never for real data: it goes when its stack goes.
 */
export class SampleStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, { description: 'Countersign: a database to try it on. Never for real data.', ...props });
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    const cluster = new DatabaseCluster(this, 'Cluster', {
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_6 }),
      writer: ClusterInstance.serverlessV2('Writer'),
      serverlessV2MinCapacity: 0,
      serverlessV2MaxCapacity: 1,
      enableDataApi: true,
      storageEncrypted: true,
      defaultDatabaseName: DATABASE,
      credentials: Credentials.fromGeneratedSecret('owner'),
      vpc: asInterface(vpc),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acceptFindings(vpc, cluster);
    const logins = ['app_write', 'app_read'].map((username) => this.#login(username));
    new CfnOutput(this, 'ClusterArn', { value: cluster.clusterArn });
    new CfnOutput(this, 'OwnerSecretArn', { value: cluster.secret?.secretArn ?? '' });
    for (const { username, secret } of logins)
      new CfnOutput(this, username === 'app_write' ? 'WriteSecretArn' : 'ReadSecretArn', { value: secret.secretArn });
  }

  /** A password that Secrets Manager makes; `countersign sample` makes the login that goes with it. */
  #login(username: string): { readonly username: string; readonly secret: Secret } {
    const secret = new Secret(this, username.replace('_', '-'), {
      description: `Countersign sample: ${username}`,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username }),
        generateStringKey: 'password',
        passwordLength: 40,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    accept(secret, 'SMG4', 'a database to try things on, gone within days');
    return { username, secret };
  }
}

function acceptFindings(vpc: Vpc, cluster: DatabaseCluster): void {
  const why = 'a database to try things on: nobody can reach it but the Data API, and it goes with its stack';
  accept(vpc, 'VPC7', why);
  for (const rule of ['RDS6', 'RDS10', 'RDS11', 'SMG4']) accept(cluster, rule, why);
}
