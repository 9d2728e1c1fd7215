import { resolve } from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import * as z from 'zod';
import { loadBundle } from '../shared/config/load-bundle.ts';
import { VOCABULARIES } from '../shared/connectors/vocabularies.ts';
import type { Bundle } from '../shared/contracts/config/bundle.ts';
import { formatFault, type ConfigFault } from '../shared/contracts/config/fault.ts';
import type { Result } from '../shared/platform/result.ts';
import { createPolicyEngine } from '../shared/policy/create-engine.ts';
import { GatewayStack } from './gateway-stack.ts';

/**
 * `cdk` runs this; so does whoever wants the template alone: `CDK_OUTDIR=out node infra/app.ts`. The context `config`
 * names the configuration folder. Needs no account and no network: the stack looks nothing up.
 */

// Here and not in cdk.json, which only the CLI reads: both ways must give the same template.
const app = new App({ context: CURRENTLY_RECOMMENDED_FLAGS, analyticsReporting: false, autoSynth: false });

const folder = z.string().min(1).default('config').parse(app.node.tryGetContext('config'));
const bundle = await deployable(resolve(folder));
if (bundle.ok) {
  Tags.of(app).add('application', 'countersign');
  new GatewayStack(app, 'Countersign', { bundle: bundle.value });
  app.synth();
} else {
  const faults = bundle.error.map(formatFault).join('\n');
  process.stderr.write(`The configuration in ${folder} cannot be deployed:\n${faults}\n`);
  process.exitCode = 1;
}

/** The folder as a bundle whose policies hold together, too: what a running gateway would refuse is not deployed. */
async function deployable(directory: string): Promise<Result<Bundle, ConfigFault[]>> {
  const loaded = await loadBundle(directory);
  if (!loaded.ok) return loaded;
  const engine = createPolicyEngine(loaded.value, VOCABULARIES);
  return engine.ok ? loaded : engine;
}
