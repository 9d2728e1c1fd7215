import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { alarms, type AlarmSpec } from '../../infra/alarms.ts';
import { PANELS } from '../../infra/constructs/dashboard.ts';
import { deploymentSchema } from '../../infra/deployment/settings.ts';
import { functions, type FunctionSpec } from '../../infra/functions.ts';
import { METRICS } from '../../shared/contracts/metrics.ts';
import { documentNamed } from '../docs/documents.ts';
import { bundle } from './bundle-fixture.ts';
import { readable, resources, synthesise } from './template.ts';

const template = synthesise();
const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.unknown()).min(1),
  OKActions: z.array(z.unknown()).min(1),
  Namespace: z.string().optional(),
  TreatMissingData: z.enum(['breaching', 'notBreaching']),
});
const made = [...resources(template, 'AWS::CloudWatch::Alarm').values()].map(({ Properties }) =>
  alarmSchema.parse(Properties),
);
const articles = [...documentNamed('RUNBOOK.md').matchAll(/^### Alarm: (.+)$/gm)].map(([, name = '']) => name);
const specs = Object.entries<AlarmSpec>(alarms);

describe('alarms', () => {
  it('have an article each in RUNBOOK.md, and no article is without its alarm', () => {
    expect([...articles].sort()).toEqual(specs.map(([name]) => name).sort());
  });

  it('say what they mean, and link to their article', () => {
    for (const { AlarmName, AlarmDescription } of made) {
      const [, link = ''] = / What to do: RUNBOOK\.md#alarm-(\S+)$/.exec(AlarmDescription) ?? [];
      expect(articles).toContain(link);
      expect(AlarmName.startsWith(`Countersign-${link}`)).toBe(true);
    }
  });

  it.each(specs)('%s is deployed', (name, spec) => {
    const named = made.filter(({ AlarmDescription }) => AlarmDescription.endsWith(`#alarm-${name}`));
    const expected =
      'functions' in spec.of
        ? spec.of.functions === 'errors'
          ? Object.keys(functions).length
          : Object.values<FunctionSpec>(functions).filter((fn) => fn.reservedConcurrency).length
        : 'aws' in spec.of && spec.of.aws === 'dead-letters'
          ? 3
          : 1;
    expect(named).toHaveLength(expected);
    for (const alarm of named) {
      expect(alarm.TreatMissingData).toBe(spec.silence === 'alarming' ? 'breaching' : 'notBreaching');
      if ('own' in spec.of) expect(alarm.Namespace).toBe('Countersign');
    }
  });

  it('link to wherever the runbook can be read', () => {
    const deployment = deploymentSchema.parse({
      version: 1,
      alarms: {
        runbook: 'https://wiki.example.com/countersign',
        topicArn: 'arn:aws:sns:eu-west-1:123456789012:on-call',
      },
    });
    const elsewhere = synthesise(bundle, deployment);
    for (const { Properties } of resources(elsewhere, 'AWS::CloudWatch::Alarm').values()) {
      const { AlarmDescription, AlarmActions } = alarmSchema.parse(Properties);
      expect(AlarmDescription).toContain('What to do: https://wiki.example.com/countersign#alarm-');
      expect(AlarmActions.map(readable)).toEqual(['arn:aws:sns:eu-west-1:123456789012:on-call']);
    }
    elsewhere.resourceCountIs('AWS::SNS::Topic', 0);
  });
});

describe('the topic of the alarms', () => {
  it('is encrypted by a key that CloudWatch may use, for this account', () => {
    const key = [...resources(template, 'AWS::KMS::Key')].find(([id]) => id === 'DataKey')?.[1].Properties;
    expect(JSON.stringify(key)).toContain('"Principal":{"Service":"cloudwatch.amazonaws.com"}');
    expect(JSON.stringify(key)).toContain('"aws:SourceAccount":{"Ref":"AWS::AccountId"}');
  });
});

describe('the dashboard', () => {
  it('shows every metric, each once', () => {
    expect(Object.values(PANELS).flat().sort()).toEqual(Object.keys(METRICS).sort());
    const body = JSON.stringify([...resources(template, 'AWS::CloudWatch::Dashboard').values()]);
    expect(Object.keys(METRICS).filter((name) => !body.includes(`\\"${name}\\"`))).toEqual([]);
  });
});
