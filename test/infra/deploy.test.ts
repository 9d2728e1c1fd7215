import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../infra/constructs/bundling.ts';

const scratch = mkdtempSync(join(tmpdir(), 'countersign-deploy-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Stands in for the CDK CLI: writes what it was called with, one argument a line, and ends as it is told. */
function deploy(args: readonly string[], ending = 0): { status: number | null; called: string[] } {
  const cdk = join(scratch, 'cdk');
  writeFileSync(cdk, `#!/bin/sh\nfor argument in "$@"; do echo "$argument"; done\nexit ${ending}\n`);
  chmodSync(cdk, 0o755);
  const env = { PATH: [scratch, process.env['PATH']].join(delimiter) };
  const { status, stdout } = spawnSync(process.execPath, ['infra/deploy.ts', ...args], {
    cwd: projectRoot,
    env,
    encoding: 'utf8',
    timeout: 15_000,
  });
  return { status, called: stdout.trim().split('\n') };
}

describe.skipIf(process.platform === 'win32')('npm run deploy', () => {
  it.each([
    [[], ['deploy', '-c', 'config=config']],
    [
      ['--config', 'my config'],
      ['deploy', '-c', 'config=my config'],
    ],
    [
      ['--config=other', '--profile', 'prod'],
      ['deploy', '-c', 'config=other', '--profile', 'prod'],
    ],
    [
      ['--require-approval', 'never', '--config', 'other', '-c', 'a=b', '--verbose'],
      ['deploy', '-c', 'config=other', '--require-approval', 'never', '-c', 'a=b', '--verbose'],
    ],
  ])('with %j calls cdk with %j', (args, expected) => {
    expect(deploy(args).called).toEqual(expected);
  });

  it('ends as cdk ended', () => {
    expect(deploy([], 3).status).toBe(3);
  });
});
