import { existsSync } from 'node:fs';
import { loadBundle } from '../../shared/config/load-bundle.ts';
import type { Bundle } from '../../shared/contracts/config/bundle.ts';
import { formatFault } from '../../shared/contracts/config/fault.ts';
import type { ConfigFault } from '../../shared/contracts/config/fault.ts';
import { loadIdentities } from './oidc/identities.ts';
import type { Identity } from './oidc/identities.ts';
import { readDatabasesFile } from './services/postgres/databases-file.ts';
import type { DatabaseSeed } from './services/postgres/databases-file.ts';
import { readClustersFile } from './services/kubernetes/clusters-file.ts';
import type { ClusterSeed } from './services/kubernetes/clusters-file.ts';
import { loadSlackSettings } from './slack/settings.ts';
import type { SlackSettings } from './slack/settings.ts';
import { StartFailure } from './start-failure.ts';

/** A configuration folder, read whole: what is deployed, and its `local/` part for the embedded stack alone. */
export type Configuration = {
  readonly folder: string;
  readonly bundle: Bundle;
  readonly identities: readonly Identity[];
  readonly seeds: readonly DatabaseSeed[];
  readonly clusters: readonly ClusterSeed[];
  readonly slack: SlackSettings;
};

/** @throws StartFailure with every fault and its line. */
export async function readConfiguration(folder: string): Promise<Configuration> {
  if (!existsSync(folder))
    throw new StartFailure(`There is no configuration folder ${folder}. Name one with COUNTERSIGN_CONFIG=DIR.`);
  const bundle = await loadBundle(folder);
  if (!bundle.ok) throw invalid(folder, bundle.error);
  const slack = loadSlackSettings(folder, bundle.value.gateway);
  if (!slack.ok) throw new StartFailure(slack.error);
  return {
    folder,
    bundle: bundle.value,
    identities: loadIdentities(folder),
    seeds: reading(() => readDatabasesFile(folder)),
    clusters: reading(() => readClustersFile(folder)),
    slack: slack.value,
  };
}

function invalid(folder: string, faults: readonly ConfigFault[]): StartFailure {
  return new StartFailure(
    `The configuration in ${folder} is not valid:\n${faults.map((fault) => `  ${formatFault(fault)}`).join('\n')}`,
  );
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StartFailure(error instanceof Error ? error.message : String(error));
  }
}
