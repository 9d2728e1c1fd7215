import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../infra/constructs/bundling.ts';

const scratch = mkdtempSync(join(tmpdir(), 'countersign-app-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Runs the CDK app as the CLI does, with no credentials, no home and no region to find. */
function synth(config: string): { status: number | null; stderr: string; template: string } {
  const outdir = mkdtempSync(join(scratch, 'out-'));
  const context = JSON.stringify({ config, 'aws:cdk:bundling-stacks': [] });
  const env = { PATH: process.env['PATH'], CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: context };
  const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
    cwd: projectRoot,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stderr, template: join(outdir, 'Countersign.template.json') };
}

// A process that loads the whole of CDK: seconds by itself, many where other tests keep both processors busy.
describe('the app', { timeout: 90_000 }, () => {
  it('synthesises the demo configuration with no account and no look-up, without a warning', () => {
    const { status, stderr, template } = synth('config');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(template, 'utf8')).not.toMatch(/dummy-value-for|AWS::CDK::Metadata/);
  });

  it('refuses an invalid configuration, naming the file, the line and the remedy, and writes no template', () => {
    const config = join(scratch, 'config');
    cpSync(join(projectRoot, 'config'), config, { recursive: true });
    const gateway = join(config, 'gateway.yaml');
    writeFileSync(gateway, `${readFileSync(gateway, 'utf8')}\nunheardOf: true\n`);
    const { status, stderr, template } = synth(config);
    expect(status).toBe(1);
    expect(stderr).toMatch(/gateway\.yaml:\d+:\d+.*unheardOf/);
    expect(existsSync(template)).toBe(false);
  });

  it('refuses a policy that a running gateway would refuse', () => {
    const config = join(scratch, 'bad-policy');
    cpSync(join(projectRoot, 'config'), config, { recursive: true });
    writeFileSync(
      join(config, 'policies', 'zz.cedar'),
      '@id("zz")\npermit (principal, action == Action::"sql:teleport", resource);\n',
    );
    const { status, stderr, template } = synth(config);
    expect(status).toBe(1);
    expect(stderr).toMatch(/policies\/zz\.cedar:\d+/);
    expect(existsSync(template)).toBe(false);
  });

  it('refuses a folder that is not there', () => {
    expect(synth(join(scratch, 'nowhere'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('gateway.yaml') as string,
    });
  });
});
