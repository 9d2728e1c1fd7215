import { loadBundle } from '../shared/config/load-bundle.ts';
import { VOCABULARIES } from '../shared/connectors/vocabularies.ts';
import type { Bundle } from '../shared/contracts/config/bundle.ts';
import type { ConfigFault } from '../shared/contracts/config/fault.ts';
import { err, ok, type Result } from '../shared/platform/result.ts';
import { createPolicyEngine } from '../shared/policy/create-engine.ts';
import { loadDeployment } from './deployment/load.ts';
import type { Deployment } from './deployment/settings.ts';

export interface Deployable {
  readonly bundle: Bundle;
  readonly deployment: Deployment;
}

/** A configuration folder that may be deployed: what a running gateway would refuse, or CDK could not build, is refused here. */
export async function deployable(folder: string): Promise<Result<Deployable, ConfigFault[]>> {
  const [bundle, deployment] = await Promise.all([loadBundle(folder), loadDeployment(folder)]);
  if (!bundle.ok || !deployment.ok)
    return err([...(bundle.ok ? [] : bundle.error), ...(deployment.ok ? [] : deployment.error)]);
  const engine = createPolicyEngine(bundle.value, VOCABULARIES);
  return engine.ok ? ok({ bundle: bundle.value, deployment: deployment.value }) : engine;
}
