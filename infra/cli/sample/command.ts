import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Command } from 'commander';
import { rdsDataClient, secretsManagerClient } from '../../../shared/aws/clients.ts';
import { STACKS } from '../../stack-names.ts';
import { UsageError } from '../usage-error.ts';
import { setUp, type Sample } from './set-up.ts';

/** `countersign sample`: the database of the optional sample stack, filled once, and the lines that make it a connection. */
export function sampleCommand(): Command {
  return new Command('sample')
    .description(`fill the database of the stack ${STACKS.sample}, and print its connection for gateway.yaml`)
    .action(async () => {
      const sample = await deployed();
      await setUp(sample, rdsDataClient(), secretsManagerClient());
      process.stdout.write(`Ready. Under connections in gateway.yaml:\n\n${connectionOf(sample)}`);
    });
}

export const connectionOf = ({ resourceArn, database, writeSecretArn, readSecretArn }: Sample): string =>
  [
    '  - name: shop',
    '    kind: postgres',
    '    environment: staging',
    `    resourceArn: ${resourceArn}`,
    `    secretArn: ${writeSecretArn}`,
    `    readSecretArn: ${readSecretArn}`,
    `    database: ${database}`,
    '',
  ].join('\n');

async function deployed(): Promise<Sample> {
  const answer = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: STACKS.sample }));
  const outputs = new Map(answer.Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const of = (name: string): string => {
    const value = outputs.get(name);
    if (value === undefined) throw new UsageError(`The stack ${STACKS.sample} has no output ${name}: deploy it again.`);
    return value;
  };
  return {
    resourceArn: of('ClusterArn'),
    database: 'shop',
    ownerSecretArn: of('OwnerSecretArn'),
    writeSecretArn: of('WriteSecretArn'),
    readSecretArn: of('ReadSecretArn'),
  };
}
