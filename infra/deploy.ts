import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { formatFault } from '../shared/contracts/config/fault.ts';
import { deployable } from './deployable.ts';
import { STACKS } from './stack-names.ts';

const HELP = `npm run deploy -- [OPTION…] [anything else that cdk deploy takes]      deploys a configuration folder to AWS

  --config DIR        configuration folder (default: config)
  --policies-only     only the stack of the configuration: functions stay as they are
  --check             say whether the folder could be deployed, and stop
  --help              this text

Passed on to the CDK CLI as they are, for example: --profile NAME, --region REGION (as AWS_REGION), --context KEY=VALUE,
--require-approval never, --hotswap, --verbose. Account and region are those that the AWS SDK finds.

The first deployment to an account and region needs: npx cdk bootstrap`;

/** Our own options; everything else goes on as it came, in its place. */
const OURS = {
  config: { type: 'string', default: 'config' },
  'policies-only': { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  region: { type: 'string' },
  profile: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const { values, tokens } = parseArgs({ options: OURS, strict: false, allowPositionals: true, tokens: true });

function theirs(): string[] {
  const ours = new Set(
    tokens.flatMap((token) =>
      token.kind === 'option' && Object.hasOwn(OURS, token.name)
        ? [token.index, ...(token.value === undefined || token.inlineValue ? [] : [token.index + 1])]
        : [],
    ),
  );
  return process.argv.slice(2).filter((_, at) => !ours.has(at));
}

const profiled = (): string[] => (typeof values.profile === 'string' ? ['--profile', values.profile] : []);

/** The folder is read here first: a fault is told in a second with its line, and not after minutes of bundling. */
async function fault(folder: string): Promise<string | undefined> {
  const found = await deployable(resolve(folder));
  if (found.ok) return undefined;
  return `The configuration in ${folder} cannot be deployed:\n${found.error.map(formatFault).join('\n')}`;
}

const SIGN_IN = `No AWS credentials were found, so nothing was deployed. Sign in first, for example with "aws sso login --profile NAME", and name
the profile (npm run deploy -- --profile NAME), or set AWS_ACCESS_KEY_ID and its like. Without an account: npm run synth.\n`;

/** Asked before anything is bundled: whoever is not signed in is told at once, and how to. */
async function signedIn(): Promise<boolean> {
  const { profile } = values;
  try {
    await defaultProvider(typeof profile === 'string' ? { profile } : {})();
    return true;
  } catch {
    return false;
  }
}

function deploy(folder: string): number {
  const stacks = values['policies-only'] === true ? [STACKS.configuration, '--exclusively'] : ['--all'];
  const env = typeof values.region === 'string' ? { ...process.env, AWS_REGION: values.region } : process.env;
  const { status, error } = spawnSync(
    'cdk',
    ['deploy', ...stacks, '-c', `config=${folder}`, ...profiled(), ...theirs()],
    {
      stdio: 'inherit',
      env,
    },
  );
  if (error !== undefined)
    process.stderr.write(`cdk could not be started (${error.message}); run "npm ci" and use "npm run deploy"\n`);
  return status ?? 1;
}

async function main(): Promise<number> {
  if (values.help === true) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  if (typeof values.config !== 'string' || values.config === '') {
    process.stderr.write('--config names a folder; see npm run deploy -- --help\n');
    return 2;
  }
  const wrong = await fault(values.config);
  if (wrong !== undefined) {
    process.stderr.write(`${wrong}\n`);
    return 1;
  }
  if (values.check === true) {
    process.stdout.write(`${values.config} can be deployed\n`);
    return 0;
  }
  if (!(await signedIn())) {
    process.stderr.write(SIGN_IN);
    return 1;
  }
  return deploy(values.config);
}

process.exitCode = await main();
