import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * `npm run test:localstack`: the contract suites that run against the embedded endpoints, against LocalStack. One that
 * runs already is used (LOCALSTACK_URL, else port 4566); else it is started by Docker, and stopped afterwards.
 */
const URL = process.env['LOCALSTACK_URL'] ?? 'http://127.0.0.1:4566';
const COMPOSE = join(import.meta.dirname, 'compose.yaml');

/** The suites that read these variables. The Data API is not among LocalStack's free services, and PostgreSQL is real here anyway. */
const VARIABLES = ['DYNAMODB', 'S3', 'SECRETS_MANAGER', 'KMS', 'SFN'].map((name) => `AWS_ENDPOINT_URL_${name}`);
const SUITES = ['test/local/dynamodb', 'test/local/s3', 'test/local/secrets-manager', 'test/local/kms', 'test/aws'];

const docker = (...args: string[]): boolean => spawnSync('docker', args, { stdio: 'inherit' }).status === 0;
const hasDocker = (): boolean => spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 20_000 }).status === 0;

async function answers(): Promise<boolean> {
  try {
    return (await fetch(`${URL}/_localstack/health`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

function suites(): number {
  const env = {
    ...process.env,
    ...Object.fromEntries(VARIABLES.map((name) => [name, URL])),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  return spawnSync('vitest', ['run', ...SUITES], { stdio: 'inherit', env }).status ?? 1;
}

async function main(): Promise<number> {
  if (await answers()) return suites();
  if (!hasDocker()) {
    console.log(`Skipped: nothing answers at ${URL}, and there is no Docker here to start LocalStack with.`);
    console.log('With Docker: docker compose -f test/localstack/compose.yaml up -d --wait && npm run test:localstack');
    return 0;
  }
  if (!docker('compose', '-f', COMPOSE, 'up', '-d', '--wait')) return 1;
  try {
    return suites();
  } finally {
    docker('compose', '-f', COMPOSE, 'down');
  }
}

process.exitCode = await main();
