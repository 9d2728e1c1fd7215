import { resolve } from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import * as z from 'zod';
import { formatFault } from '../shared/contracts/config/fault.ts';
import { deployable } from './deployable.ts';
import { stacksOf } from './stacks.ts';

/**
 * `cdk` runs this; so does whoever wants the templates alone: `CDK_OUTDIR=out node infra/app.ts`. The context `config`
 * names the configuration folder. Needs no account and no network: the stacks look nothing up.
 */

// Here and not in cdk.json, which only the CLI reads: both ways must give the same template.
const app = new App({ context: CURRENTLY_RECOMMENDED_FLAGS, analyticsReporting: false, autoSynth: false });

const folder = z.string().min(1).default('config').parse(app.node.tryGetContext('config'));
const found = await deployable(resolve(folder));
if (found.ok) {
  Tags.of(app).add('application', 'countersign');
  for (const [key, value] of Object.entries(found.value.deployment.tags)) Tags.of(app).add(key, value);
  stacksOf(app, found.value);
  app.synth();
} else {
  const faults = found.error.map(formatFault).join('\n');
  process.stderr.write(`The configuration in ${folder} cannot be deployed:\n${faults}\n`);
  process.exitCode = 1;
}
