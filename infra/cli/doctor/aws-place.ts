import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { functions } from '../../functions.ts';
import { UsageError } from '../usage-error.ts';
import type { MayRead, Place } from './place.ts';

/** A deployed stack, with the credentials and the region that the AWS SDK finds. Everything asked for only reads. */
export async function awsPlace(stackName: string): Promise<Place> {
  const client = new CloudFormationClient({});
  const output = await outputsOf(client, stackName);
  return {
    url: output('ApiUrl').replace(/\/$/, ''),
    configBucket: output('ConfigurationBucket'),
    archiveBucket: output('ArchiveBucket'),
    roles: await rolesOf(client, stackName),
    dataApiFault: async ({ resourceArn }) => {
      const found = await new RDSClient({}).send(new DescribeDBClustersCommand({ DBClusterIdentifier: resourceArn }));
      const [cluster] = found.DBClusters ?? [];
      if (cluster === undefined) return 'there is no such cluster';
      return cluster.HttpEndpointEnabled === true ? undefined : 'its Data API is off';
    },
  };
}

async function outputsOf(client: CloudFormationClient, StackName: string): Promise<(name: string) => string> {
  const [stack] = (await client.send(new DescribeStacksCommand({ StackName }))).Stacks ?? [];
  return (name) => {
    const value = stack?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (value === undefined) throw new UsageError(`The stack ${StackName} has no output ${name}: deploy it again.`);
    return value;
  };
}

/** By the logical ids that CDK makes of `NAME-parts/Role`. */
async function rolesOf(client: CloudFormationClient, StackName: string): Promise<NonNullable<Place['roles']>> {
  const physical = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName }))
    for (const { LogicalResourceId = '', PhysicalResourceId = '', ResourceType } of page.StackResourceSummaries ?? [])
      if (ResourceType === 'AWS::IAM::Role')
        physical.set(LogicalResourceId.replace(/[0-9A-F]{8}$/, ''), PhysicalResourceId);
  const account = await accountOf(client, StackName);
  return new Map(
    Object.keys(functions).flatMap((name) => {
      const role = physical.get(`${name.replaceAll('-', '')}partsRole`);
      return role === undefined ? [] : [[name, mayRead(`${account}:role/${role}`)] as const];
    }),
  );
}

/** `arn:PARTITION:iam::ACCOUNT`, read off the stack's own ARN. */
async function accountOf(client: CloudFormationClient, StackName: string): Promise<string> {
  const [stack] = (await client.send(new DescribeStacksCommand({ StackName }))).Stacks ?? [];
  const [, partition = 'aws', , , account = ''] = (stack?.StackId ?? '').split(':');
  return `arn:${partition}:iam::${account}`;
}

const mayRead =
  (role: string) =>
  async (secretArn: string): Promise<MayRead> => {
    const answer = await new IAMClient({}).send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role,
        ActionNames: ['secretsmanager:GetSecretValue'],
        ResourceArns: [secretArn],
      }),
    );
    return answer.EvaluationResults?.[0]?.EvalDecision === 'allowed' ? 'allowed' : 'denied';
  };
