import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { alarms } from '../../infra/alarms.ts';
import { connectionOf } from '../../infra/cli/sample/command.ts';
import { deployable } from '../../infra/deployable.ts';
import { deploymentSchema } from '../../infra/deployment/settings.ts';
import { documentNamed, fencesOf, PROJECT, tableOf } from './documents.ts';

const readme = documentNamed('README.md');
const folder = mkdtempSync(join(tmpdir(), 'countersign-deploying-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const section = readme.slice(
  readme.indexOf('## Deploying to AWS'),
  readme.indexOf('## What it costs, and what it catches'),
);
const shown = fencesOf(section).flatMap(({ info, body }) =>
  info === 'yaml' ? [body.startsWith('- ') ? body.replaceAll(/^/gm, '  ') : body] : [],
);

describe('the way from nothing to the first approved statement', () => {
  it('shows pieces that make a folder which can be deployed', async () => {
    const secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop';
    const connection = connectionOf({
      resourceArn: 'arn:aws:rds:eu-west-1:123456789012:cluster:shop',
      database: 'shop',
      ...{ ownerSecretArn: `${secret}/owner`, writeSecretArn: `${secret}/write`, readSecretArn: `${secret}/read` },
    });
    const slack = { team: 'T0123456789', secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack' };
    const whole = [
      'version: 1',
      'publicUrl: https://gate.example.com',
      ...shown,
      'connections:',
      connection,
      `slack: ${JSON.stringify(slack)}`,
      '',
    ].join('\n');
    mkdirSync(join(folder, 'policies'));
    writeFileSync(join(folder, 'gateway.yaml'), whole);
    writeFileSync(
      join(folder, 'policies', 'shop.cedar'),
      '@id("known")\npermit (principal in Group::"ci", action == Action::"connect", resource == Connection::"shop");\n',
    );
    writeFileSync(join(folder, 'deployment.yaml'), 'version: 1\nsample: true\n');
    const found = await deployable(folder);
    expect(found.ok ? [] : found.error).toEqual([]);
  });

  it('lists every setting of deployment.yaml', () => {
    const keys = tableOf(section, 'key').map(([key = '']) => key.replaceAll('`', ''));
    expect(keys.sort()).toEqual(
      Object.keys(deploymentSchema.shape)
        .filter((key) => key !== 'version')
        .sort(),
    );
  });

  it('counts the kinds of alarms', () => {
    expect(Object.keys(alarms)).toHaveLength(16);
    expect(section).toContain('sixteen kinds of alarms');
  });
});

describe('docs/github-actions.yaml', () => {
  it('asks for a token for the audience that the issuer above wants, and may do nothing else', () => {
    const workflow = z
      .object({
        permissions: z.strictObject({ 'id-token': z.literal('write') }),
        jobs: z.object({
          statement: z.object({ environment: z.string(), steps: z.array(z.object({ run: z.string() }).loose()) }),
        }),
      })
      .parse(parse(readFileSync(join(PROJECT, 'docs', 'github-actions.yaml'), 'utf8')));
    const { environment, steps } = workflow.jobs.statement;
    expect(shown[0]).toContain(`environment: ${environment}`);
    expect(shown[0]).toContain('audience: countersign');
    expect(steps.every(({ run }) => run.includes('audience=countersign') && run.includes('::add-mask::'))).toBe(true);
  });
});
