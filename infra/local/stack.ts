import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Closers } from './closers.ts';
import { readConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { deploy } from './deploy/deploy.ts';
import { takePort } from './http-api/server.ts';
import type { LambdaRuntime } from './lambda/runtime.ts';
import { takeLock } from './lock.ts';
import { createDevelopmentIssuers } from './oidc/development-issuers.ts';
import { startClusters, startDatabases, startServices } from './services.ts';
import type { Services } from './services.ts';
import type { ProvisionedCluster } from './services/kubernetes/clusters.ts';
import type { ProvisionedDatabase } from './services/postgres/provision.ts';
import { createLocalSlack } from './slack/local-slack.ts';
import { serverTls } from './tls/certificates.ts';
import { openState, wipeState, writeAtomically } from './state.ts';
import type { StateFolder } from './state.ts';
import { planOf } from './template/plan.ts';
import type { Plan } from './template/plan.ts';
import { synthesise } from './template/synthesise.ts';

const PROJECT = resolve(import.meta.dirname, '..', '..');

export type StackOptions = {
  /** Configuration folder. Default `config/` of the project. */
  readonly config?: string;
  /** State folder. Default `.countersign/` of the project. */
  readonly state?: string;
  /** Port on 127.0.0.1. Default 8787; 0 takes a free one. */
  readonly port?: number;
  /** Empties the state folder first. */
  readonly fresh?: boolean;
};

export type RunningStack = {
  /** `http://127.0.0.1:PORT`: the gateway, the local Slack and the development issuers. */
  readonly url: string;
  /** The same over TLS, for kubectl: its certificate is signed by the CA in `caFile`. */
  readonly secureUrl: string;
  readonly caFile: string;
  readonly state: string;
  readonly configuration: Configuration;
  readonly plan: Plan;
  readonly services: Services;
  readonly databases: readonly ProvisionedDatabase[];
  readonly clusters: readonly ProvisionedCluster[];
  readonly lambda: LambdaRuntime;
  /** What a process needs in its environment to reach this stack with the AWS SDK, as the functions do. */
  readonly environment: Readonly<Record<string, string>>;
  /** A token of a development identity. */
  tokenFor(name: string, overrides?: { readonly ttlSeconds?: number }): Promise<string>;
  close(): Promise<void>;
};

/**
 * Starts everything: the embedded AWS services, and on them what the CDK app describes. Several stacks may run at once,
 * each with a state folder and a port of its own. @throws StartFailure when it cannot, with nothing left running.
 */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const closers = new Closers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function start(options: StackOptions, closers: Closers): Promise<RunningStack> {
  const configuration = await readConfiguration(resolve(options.config ?? join(PROJECT, 'config')));
  const { state, door, address } = await claim(options, closers);
  const synthesis = synthesise(PROJECT, configuration.folder);
  // It is waited for below; until then a failure of it must not end the process.
  synthesis.catch(() => undefined);
  const services = await startServices(state.path, closers);
  const databases = await startDatabases(state.path, configuration, services, closers);
  const clusters = await startClusters(state.path, configuration, services, closers);
  const plan = planOf(await synthesis, PROJECT);
  const { issuers: known } = configuration.bundle.gateway;
  const { identities } = configuration;
  const issuers = await createDevelopmentIssuers({
    publicUrl: door.url,
    issuers: known,
    identities,
    stateDir: state.path,
  });
  const slack = await createLocalSlack({
    stateDir: state.path,
    settings: configuration.slack,
    baseUrl: () => door.url,
  });
  closers.add('Slack', () => slack.close());
  const site = {
    configuration,
    door,
    services,
    clusters,
    plan,
    issuers,
    slack,
    closers,
    stateDir: state.path,
    logs: state.folder('log'),
  };
  const lambda = await deploy(site);
  const environment = environmentOf(lambda);
  announce(state, closers, { ...address, pid: process.pid, config: configuration.folder, environment });
  const tokenFor = issuers.tokenFor.bind(issuers);
  const close = closers.close.bind(closers);
  return {
    ...address,
    state: state.path,
    configuration,
    plan,
    services,
    databases,
    clusters,
    lambda,
    environment,
    tokenFor,
    close,
  };
}

/** What reaches this stack as its functions do: the one knows the table, the bucket and the workflow, the other the key that signs. */
function environmentOf({ functions }: LambdaRuntime): Readonly<Record<string, string>> {
  const of = (wanted: string) => functions.find(({ name }) => name === wanted)?.environment;
  return { ...of('write-digest'), ...of('execute') };
}

/** State folder and port, before anything is started: a second copy, or another program, is noticed here. */
async function claim(options: StackOptions, closers: Closers) {
  const state = openState(options.state ?? join(PROJECT, '.countersign'));
  const lock = takeLock(state.path);
  closers.add('Lock', () => {
    lock.release();
    return undefined;
  });
  const door = await takePort(options.port ?? 8787);
  closers.add('Front door', () => door.close());
  if (options.fresh === true) wipeState(state);
  const tls = serverTls(state.path, new Date());
  door.secure(tls);
  return { state, door, address: { url: door.url, secureUrl: door.secureUrl, caFile: tls.caFile } };
}

/** `stack.json` tells the commands where this stack is; it goes when the stack goes. */
function announce(state: StateFolder, closers: Closers, facts: object): void {
  const path = join(state.path, 'stack.json');
  writeAtomically(path, `${JSON.stringify(facts, undefined, 2)}\n`);
  closers.add('stack.json', () => {
    rmSync(path, { force: true });
    return undefined;
  });
}
