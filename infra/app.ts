import { resolve } from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import * as z from 'zod';
import { loadBundle } from '../shared/config/load-bundle.ts';
import { formatFault } from '../shared/contracts/config/fault.ts';
import { GatewayStack } from './gateway-stack.ts';

/**
 * `cdk` runs this; so does whoever wants the template alone: `CDK_OUTDIR=out node infra/app.ts`. The context `config`
 * names the configuration folder. Needs no account and no network: the stack looks nothing up.
 */

// Here and not in cdk.json, which only the CLI reads: both ways must give the same template.
const app = new App({ context: CURRENTLY_RECOMMENDED_FLAGS, analyticsReporting: false, autoSynth: false });

const folder = z.string().min(1).default('config').parse(app.node.tryGetContext('config'));
const loaded = await loadBundle(resolve(folder));
if (loaded.ok) {
  Tags.of(app).add('application', 'countersign');
  new GatewayStack(app, 'Countersign', { bundle: loaded.value });
  app.synth();
} else {
  const faults = loaded.error.map(formatFault).join('\n');
  process.stderr.write(`The configuration in ${folder} cannot be deployed:\n${faults}\n`);
  process.exitCode = 1;
}
