import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { GatewayConfig } from '../shared/contracts/config/gateway.ts';
import { ApprovalWorkflow } from './constructs/approval-workflow.ts';
import { Archive } from './constructs/archive.ts';
import { ArchiveTable } from './constructs/archive-table.ts';
import { Archiving } from './constructs/archiving.ts';
import { Configuration } from './constructs/configuration.ts';
import { DataKey } from './constructs/data-key.ts';
import { DigestKey } from './constructs/digest-key.ts';
import { Digesting } from './constructs/digesting.ts';
import { Edge } from './constructs/edge.ts';
import { gatewayFunctions } from './constructs/gateway-function.ts';
import { grantsOf } from './constructs/grants.ts';
import { GatewayApi } from './constructs/http-api.ts';
import { InstallationSecret } from './constructs/installation-secret.ts';
import { Sessions } from './constructs/sessions.ts';
import { SlackSecret } from './constructs/slack-secret.ts';
import { Sweeping } from './constructs/sweeping.ts';
import { Targets } from './constructs/targets.ts';
import { Watching } from './constructs/watching.ts';
import type { Deployment } from './deployment/settings.ts';

export interface GatewayStackProps extends StackProps {
  /** The source of what the functions may reach. Policies are not here: they are a stack of their own. */
  readonly gateway: GatewayConfig;
  readonly deployment: Deployment;
}

const DESCRIPTION = 'Countersign: judges, countersigns, masks and records what AI agents do to production.';

/** Everything of the gateway that lives in AWS, in the order in which a request meets it. */
export class GatewayStack extends Stack {
  readonly configuration: Configuration;

  constructor(scope: Construct, id: string, { gateway, deployment, ...props }: GatewayStackProps) {
    super(scope, id, { description: DESCRIPTION, ...props });
    const api = new GatewayApi(this, deployment);
    const edge = deployment.waf === undefined ? undefined : new Edge(this, api.url, deployment.waf.webAclArn);
    const { all, fn } = gatewayFunctions(this, deployment);

    const key = new DataKey(this);
    this.configuration = new Configuration(this, key);
    const sessions = new Sessions(this, key);
    const targets = new Targets(gateway.connections, deployment.secretKeyArns);
    const slack = new SlackSecret(gateway.slack?.secretArn, deployment.secretKeyArns);
    const tasks = { ask: fn('ask-approvers'), run: fn('run-approved'), conclude: fn('conclude-approval') };
    const workflow = new ApprovalWorkflow(this, tasks, deployment.logDays);
    const archive = new Archive(this, key, gateway);
    const digestKey = new DigestKey(this);
    const installation = new InstallationSecret(this, key);

    const kept = { sessions, archive, digestKey, installation };
    const grants = grantsOf({ configuration: this.configuration, targets, slack, workflow, ...kept });
    for (const lambda of all) {
      for (const grant of lambda.spec.grants) grants[grant](lambda);
      api.route(lambda, lambda.spec.routes);
    }
    const background = [
      new Archiving(this, sessions, fn('archive-sessions')),
      new Sweeping(this, fn('sweep-sessions')),
      new Digesting(this, fn('write-digest')),
    ];
    new ArchiveTable(this, archive);
    new Watching(this, key, { api, functions: all, sessions, workflow, background }, deployment);

    output(this, {
      ApiUrl: edge?.url ?? api.url,
      DigestKeyArn: digestKey.keyArn,
      ArchiveBucket: archive.bucket.bucketName,
      ConfigurationBucket: this.configuration.bucket.bucketName,
    });
  }
}

/** What people need to know of a stack that stands. */
function output(stack: Stack, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) new CfnOutput(stack, name, { value });
}
