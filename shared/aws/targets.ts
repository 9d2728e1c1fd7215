import { createConnectors } from '../connectors/registry.ts';
import { createCatalogues } from '../gateway/intake/catalogues.ts';
import type { JudgeDeps } from '../gateway/run/judge.ts';
import type { Surroundings } from '../gateway/runtime.ts';
import { rdsDataClient, secretsManagerClient } from './clients.ts';
import { createDataApi } from './data-api/index.ts';
import { createEksToken } from './kubernetes/eks-token.ts';
import { createKubernetesApi } from './kubernetes/index.ts';
import { createVault } from './kubernetes/vault.ts';

/**
 * The connectors over this function's AWS clients, and what they know of the targets' names. `logins` is what the function's
 * grant lets it use: `reading` goes with `targets:read`.
 */
export function targets(
  world: Surroundings,
  logins: 'both' | 'reading' = 'both',
): Pick<JudgeDeps, 'connectors' | 'catalogues'> {
  return {
    connectors: createConnectors({
      dataApi: createDataApi(rdsDataClient()),
      logins,
      kubernetes: createKubernetesApi({
        vault: createVault(secretsManagerClient()),
        eksToken: createEksToken(world.clock),
      }),
    }),
    catalogues: createCatalogues(world.clock, world.log),
  };
}
