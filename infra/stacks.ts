import type { App } from 'aws-cdk-lib';
import { ConfigurationStack } from './configuration-stack.ts';
import type { Deployable } from './deployable.ts';
import { GatewayStack } from './gateway-stack.ts';
import { SampleStack } from './sample-stack.ts';
import { STACKS } from './stack-names.ts';

/** What is deployed: the gateway, and by itself what it is told, so that a change of policy touches no function. */
export function stacksOf(app: App, { bundle, deployment }: Deployable) {
  const gateway = new GatewayStack(app, STACKS.gateway, { gateway: bundle.gateway, deployment });
  const configuration = new ConfigurationStack(app, STACKS.configuration, {
    bundle,
    bucket: gateway.configuration.bucket,
    logDays: deployment.logDays,
  });
  const sample = deployment.sample ? new SampleStack(app, STACKS.sample) : undefined;
  return { gateway, configuration, sample };
}
