import { join } from 'node:path';
import type { Closers } from '../closers.ts';
import type { Configuration } from '../configuration.ts';
import { createHttpApi } from '../http-api/http-api.ts';
import type { FrontDoor } from '../http-api/server.ts';
import { LogFile } from '../lambda/log-file.ts';
import { LambdaRuntime } from '../lambda/runtime.ts';
import { metricsPage } from '../metrics/page.ts';
import { MetricsRegistry } from '../metrics/registry.ts';
import type { DevelopmentIssuers } from '../oidc/development-issuers.ts';
import { startScheduler } from '../scheduler.ts';
import type { Services } from '../services.ts';
import type { ProvisionedCluster } from '../services/kubernetes/clusters.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { StartFailure } from '../start-failure.ts';
import { streamListener } from '../stream/mapping.ts';
import type { Plan } from '../template/plan.ts';
import { deployBucket, uploadBundle } from './buckets.ts';
import { dynamoAt, s3At } from './clients.ts';
import { withEnvironment } from './function-environment.ts';
import { localBundle } from './local-bundle.ts';
import { deployTable } from './tables.ts';

export type Site = {
  readonly configuration: Configuration;
  readonly door: FrontDoor;
  readonly services: Services;
  readonly clusters: readonly ProvisionedCluster[];
  readonly plan: Plan;
  readonly issuers: DevelopmentIssuers;
  readonly slack: LocalSlack;
  readonly closers: Closers;
  readonly stateDir: string;
  /** Folder of the functions' logs and of `dead-letters.jsonl`. */
  readonly logs: string;
};

/** Puts onto the embedded services what the template describes, then opens the door. Answers the functions, running. */
export async function deploy(site: Site): Promise<LambdaRuntime> {
  const { plan, services, closers, logs, stateDir } = site;
  await makeStorage(site);
  const functions = plan.functions.map((spec) => withEnvironment(spec, services.all, stateDir));
  const metrics = new MetricsRegistry();
  const lambda = new LambdaRuntime(functions, logs, (line) => {
    metrics.take(line);
  });
  closers.add('Functions', () => lambda.close());
  for (const machine of plan.machines) services.workflows.deploy(machine, lambda);
  connectEvents(site, lambda);
  const { door, slack, issuers } = site;
  door.open([
    createHttpApi(plan.routes, lambda),
    metricsPage(metrics),
    (...exchange) => slack.handle(...exchange),
    (...exchange) => issuers.handle(...exchange),
  ]);
  // Closed first: no new request, then what the workflow is running ends, and only then do the functions go.
  closers.add('Step Functions', () => services.workflows.close());
  closers.add('Front door', () => door.close());
  return lambda;
}

async function makeStorage({ plan, services, clusters, configuration, door, issuers, slack }: Site): Promise<void> {
  const dynamo = dynamoAt(services.dynamodb.url);
  const s3 = s3At(services.s3.url);
  for (const { id, spec, description } of plan.keys) services.kms.ensureKey(id, spec, description);
  for (const { arn, characters } of plan.secrets) services.secrets.ensureSecret(arn, characters);
  await Promise.all([
    ...plan.tables.map((table) => deployTable(dynamo, table)),
    ...plan.buckets.map((bucket) => deployBucket(s3, bucket)),
  ]);
  const addresses = { publicUrl: door.url, playedIssuers: issuers.names, slackApiUrl: slack.apiUrl(), clusters };
  await uploadBundle(s3, bundlePlace(plan), localBundle(configuration.bundle, addresses));
  const secretArn = configuration.bundle.gateway.slack?.secretArn;
  if (secretArn !== undefined) services.secrets.importSecret(secretArn, JSON.stringify(slack.secret));
}

/** Where the functions look for the configuration: all must look at the same place. */
function bundlePlace(plan: Plan): { bucket: string; key: string } {
  const places = new Set(
    plan.functions.flatMap(({ environment: { CONFIG_BUCKET: bucket, CONFIG_KEY: key } }) =>
      bucket === undefined || key === undefined ? [] : [`${bucket}\n${key}`],
    ),
  );
  const [place, ...others] = places;
  if (place === undefined || others.length > 0)
    throw new StartFailure('the functions of the template must all name one CONFIG_BUCKET and CONFIG_KEY');
  const [bucket = '', key = ''] = place.split('\n');
  return { bucket, key };
}

function connectEvents({ plan, services, closers, logs }: Site, lambda: LambdaRuntime): void {
  const deadLetters = new LogFile(join(logs, 'dead-letters.jsonl'));
  for (const mapping of plan.streams) {
    const listener = streamListener(mapping, (arn, event) => lambda.invoke(arn, event), deadLetters);
    const stop = services.dynamodb.onChange(mapping.tableName, (record) =>
      listener({ ...record, dynamodb: { ...record.dynamodb } }),
    );
    closers.add('Stream', () => {
      stop();
      return undefined;
    });
  }
  const scheduler = startScheduler(plan.schedules, (arn, event) => lambda.invoke(arn, event), deadLetters);
  closers.add('Scheduler', () => {
    scheduler.close();
    return deadLetters.flush();
  });
}
