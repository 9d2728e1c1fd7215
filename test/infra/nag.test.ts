import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deploymentSchema, type Deployment } from '../../infra/deployment/settings.ts';
import { stacksOf } from '../../infra/stacks.ts';
import { codeSpansOf, tableOf } from '../docs/documents.ts';
import { bundle } from './bundle-fixture.ts';
import { PERMISSIONS } from './permissions-table.ts';
import { plain } from './template.ts';

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(
        z.object({ ruleName: z.string(), violatingConstructs: z.array(z.object({ constructPath: z.string() })) }),
      ),
    }),
  ),
});

/** `RULE at CONSTRUCT`, one line a finding that nobody accepted. */
function findings(deployment: Deployment): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'countersign-nag-'));
  const app = new App({ context: { ...CURRENTLY_RECOMMENDED_FLAGS, 'aws:cdk:bundling-stacks': [] }, outdir });
  stacksOf(app, { bundle, deployment });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
    return [];
  } catch {
    // It throws when there are findings, and has written them down.
    const text = readFileSync(join(outdir, 'validation-report.json'), 'utf8');
    return reportSchema
      .parse(JSON.parse(text))
      .pluginReports.flatMap(({ violations }) => violations)
      .flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
      );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The patterns that docs/PERMISSIONS.md gives reasons for. */
const written = new Set(
  tableOf(PERMISSIONS, 'who').flatMap(([, actions = '', resource = '']) => codeSpansOf(`${actions} ${resource}`)),
);
const IN_PROSE = ['kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/** The pattern of an IAM5 finding, in the words of the table. */
function patternOf(finding: string): string {
  const [, pattern = ''] = /^AwsSolutions-IAM5\[(?:Action|Resource)::(.*)\] at /.exec(finding) ?? [];
  return pattern
    .replace(/^<(\w+)\.Arn>(.*)$/, (_, id: string, rest: string) => `${plain(id)}.Arn${rest}`)
    .replace(/^\{"Fn::GetStackOutput".*ConfigurationBucket.*\}\/\*$/, 'ConfigurationBucket.Arn/*')
    .replace(/^arn:.*:cdk-hnb659fds-assets-.*\/\*$/, 'ASSETS/*');
}

/** Every optional part that there is. */
const everything = deploymentSchema.parse({
  version: 1,
  domain: { name: 'gate.example.com', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/x' },
  vpc: {
    id: 'vpc-0123456789abcdef0',
    subnets: [{ id: 'subnet-0123456789abcdef0', availabilityZone: 'eu-west-1a' }],
    securityGroups: ['sg-0123456789abcdef0'],
  },
  waf: { webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/x/y' },
  alarms: { email: 'on-call@example.com' },
  sample: true,
});

describe('cdk-nag with the rules AwsSolutions', { timeout: 60_000 }, () => {
  const found = findings(everything);

  it('finds nothing but patterns in permissions', () => {
    expect(found.filter((finding) => !finding.startsWith('AwsSolutions-IAM5['))).toEqual([]);
  });

  it('finds no pattern that docs/PERMISSIONS.md does not give a reason for', () => {
    const patterns = found.map(patternOf).filter((pattern) => pattern !== '');
    expect(patterns.length).toBeGreaterThan(50);
    expect([...new Set(patterns)].filter((one) => !written.has(one) && !IN_PROSE.includes(one))).toEqual([]);
  });
});
