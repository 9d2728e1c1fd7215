import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../infra/constructs/bundling.ts';

const scratch = mkdtempSync(join(tmpdir(), 'countersign-deploy-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const credentials = join(scratch, 'credentials');
writeFileSync(credentials, '[prod]\naws_access_key_id = k\naws_secret_access_key = s\n');
const signedIn = { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_SHARED_CREDENTIALS_FILE: credentials };

/** Stands in for the CDK CLI: writes what it was called with, one argument a line, its region, and ends as it is told. */
function deploy(args: readonly string[], ending = 0, more: Record<string, string> = signedIn) {
  const cdk = join(scratch, 'cdk');
  writeFileSync(
    cdk,
    `#!/bin/sh\nfor argument in "$@"; do echo "$argument"; done\necho "in $AWS_REGION"\nexit ${ending}\n`,
  );
  chmodSync(cdk, 0o755);
  const env = {
    PATH: [scratch, process.env['PATH']].join(delimiter),
    AWS_REGION: 'nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['infra/deploy.ts', ...args], {
    cwd: projectRoot,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr, called: stdout.trim().split('\n') };
}

const copy = (name: string): string => {
  const folder = join(scratch, name);
  cpSync(join(projectRoot, 'config'), folder, { recursive: true });
  return folder;
};

// Each is a process of its own that loads the policy engine.
describe.skipIf(process.platform === 'win32')('npm run deploy', { timeout: 90_000 }, () => {
  const spaced = copy('my config');
  it.each([
    [[], ['deploy', '--all', '-c', 'config=config', 'in nowhere']],
    [
      ['--config', spaced, '--region', 'eu-west-1'],
      ['deploy', '--all', '-c', `config=${spaced}`, 'in eu-west-1'],
    ],
    [
      [`--config=${spaced}`, '--policies-only', '--profile', 'prod'],
      [
        'deploy',
        'CountersignConfiguration',
        '--exclusively',
        '-c',
        `config=${spaced}`,
        '--profile',
        'prod',
        'in nowhere',
      ],
    ],
    [
      ['--require-approval', 'never', '--context', 'a=b', '-c', 'c=d', '--verbose'],
      [
        'deploy',
        '--all',
        '-c',
        'config=config',
        '--require-approval',
        'never',
        '--context',
        'a=b',
        '-c',
        'c=d',
        '--verbose',
        'in nowhere',
      ],
    ],
  ])('with %j calls cdk with %j', (args, expected) => {
    expect(deploy(args)).toMatchObject({ status: 0, called: expected });
  });

  it('ends as cdk ended', () => {
    expect(deploy([], 3).status).toBe(3);
  });

  it('explains itself, and calls nothing', () => {
    const { status, stdout } = deploy(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('--policies-only');
    expect(stdout).not.toContain('in nowhere');
  });

  it('can say whether a folder could be deployed, and calls nothing', () => {
    expect(deploy(['--check'])).toMatchObject({ status: 0, stdout: 'config can be deployed\n' });
  });

  it.each<[string, string, RegExp]>([
    ['gateway.yaml', 'unheardOf: true\n', /gateway\.yaml:1:1 unheardOf:/],
    ['policies/zz.cedar', 'permit (principal, action, resource);\n', /policies\/zz\.cedar/],
    [
      'deployment.yaml',
      'version: 1\nthrottel: {}\n',
      /deployment\.yaml:2:1 throttel: unknown key "throttel"; did you mean "throttle"\?/,
    ],
    [
      'deployment.yaml',
      'version: 1\nwaf: { webAclArn: arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b }\n',
      /in us-east-1/,
    ],
  ])('refuses a folder whose %s holds %j, with the line, before cdk is called', (file, text, expected) => {
    const folder = copy(`bad-${file.replace('/', '-')}-${String(text.length)}`);
    writeFileSync(join(folder, file), text);
    const { status, stderr, stdout } = deploy(['--config', folder]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(expected);
  });

  it('refuses a folder that is not there, and an option without its value', () => {
    expect(deploy(['--config', join(scratch, 'nowhere')])).toMatchObject({ status: 1, stdout: '' });
    expect(deploy(['--config'])).toMatchObject({ status: 2, stdout: '' });
  });

  it.each([[[]], [['--profile', 'nobody']]])('says how to sign in where nobody is, and starts nothing: %j', (args) => {
    const { status, stdout, stderr } = deploy(args, 0, { HOME: scratch, AWS_SHARED_CREDENTIALS_FILE: credentials });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('aws sso login');
  });
});
