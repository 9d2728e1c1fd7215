import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle } from '../shared/contracts/config/bundle.ts';
import { ApprovalWorkflow } from './constructs/approval-workflow.ts';
import { Archive } from './constructs/archive.ts';
import { ArchiveTable } from './constructs/archive-table.ts';
import { Archiving } from './constructs/archiving.ts';
import { Configuration } from './constructs/configuration.ts';
import { DataKey } from './constructs/data-key.ts';
import { DigestKey } from './constructs/digest-key.ts';
import { Digesting } from './constructs/digesting.ts';
import { GatewayFunction } from './constructs/gateway-function.ts';
import { grantsOf } from './constructs/grants.ts';
import { GatewayApi } from './constructs/http-api.ts';
import { InstallationSecret } from './constructs/installation-secret.ts';
import { Sessions } from './constructs/sessions.ts';
import { SlackSecret } from './constructs/slack-secret.ts';
import { Sweeping } from './constructs/sweeping.ts';
import { Targets } from './constructs/targets.ts';
import { functions, type FunctionName, type FunctionSpec } from './functions.ts';

export interface GatewayStackProps extends StackProps {
  /** The validated configuration: uploaded whole, and the source of what the functions may reach. */
  readonly bundle: Bundle;
}

/** Everything of the gateway that lives in AWS, in the order in which a request meets it. */
export class GatewayStack extends Stack {
  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    super(scope, id, {
      description: 'Countersign: judges, countersigns, masks and records what AI agents do to production.',
      ...props,
    });
    const { gateway } = props.bundle;

    const api = new GatewayApi(this);
    const made = new Map(
      Object.entries<FunctionSpec>(functions).map(([name, spec]) => [name, new GatewayFunction(this, name, spec)]),
    );
    const fn = (name: FunctionName) => found(made.get(name), name);

    const key = new DataKey(this);
    const configuration = new Configuration(this, key, props.bundle);
    const sessions = new Sessions(this, key);
    const targets = new Targets(gateway.connections);
    const slack = new SlackSecret(gateway.slack?.secretArn);
    const workflow = new ApprovalWorkflow(this, {
      ask: fn('ask-approvers'),
      run: fn('run-approved'),
      conclude: fn('conclude-approval'),
    });
    const archive = new Archive(this, key, gateway);
    const digestKey = new DigestKey(this);
    const installation = new InstallationSecret(this, key);

    const kept = { sessions, archive, digestKey, installation };
    const grants = grantsOf({ configuration, targets, slack, workflow, ...kept });
    for (const lambda of made.values()) {
      for (const grant of lambda.spec.grants) grants[grant](lambda);
      api.route(lambda, lambda.spec.routes);
    }
    new Archiving(this, sessions, fn('archive-sessions'));
    new Sweeping(this, fn('sweep-sessions'));
    new Digesting(this, fn('write-digest'));
    new ArchiveTable(this, archive);

    output(this, { ApiUrl: api.url, DigestKeyArn: digestKey.keyArn, ArchiveBucket: archive.bucket.bucketName });
  }
}

/** What people need to know of a stack that stands. */
function output(stack: Stack, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) new CfnOutput(stack, name, { value });
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`infra/functions.ts: no function ${name}`);
  return value;
}
