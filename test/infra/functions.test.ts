import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { projectRoot } from '../../infra/constructs/bundling.ts';
import { functions, type FunctionSpec } from '../../infra/functions.ts';
import { deployedFunctions, readable, resources, synthesise } from './template.ts';

const template = synthesise();
const deployed = deployedFunctions(template);
const specs: [string, FunctionSpec][] = Object.entries(functions);
const folders = readdirSync(join(projectRoot, 'functions')).filter((name) =>
  existsSync(join(projectRoot, 'functions', name, 'index.ts')),
);

describe('the table of functions', () => {
  it('names every folder in functions/, and no other', () => {
    expect(specs.map(([name]) => name).sort()).toEqual(folders.sort());
  });

  it('is what is deployed', () => {
    expect(deployed.map(({ name }) => name).sort()).toEqual(specs.map(([name]) => name).sort());
  });

  it.each(specs)('gives %s its time and memory, on arm64 and the current runtime, with tracing', (name, spec) => {
    expect(deployed.find((fn) => fn.name === name)?.properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: spec.timeoutSeconds,
      MemorySize: spec.memoryMb,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
  });

  it('lets the functions that run statements outlive the 45 s of the Data API', () => {
    const runners = specs.filter(([, spec]) => spec.grants.includes('targets:execute'));
    expect(runners.map(([name]) => name)).toEqual(['execute', 'mcp', 'kubernetes', 'run-approved']);
    for (const [, spec] of runners) expect(spec.timeoutSeconds).toBeGreaterThan(45);
  });
});

describe('routes', () => {
  const routes = [...resources(template, 'AWS::ApiGatewayV2::Route').values()].map(({ Properties }) => Properties);
  const integrations = resources(template, 'AWS::ApiGatewayV2::Integration');

  function functionOf(target: unknown): string | undefined {
    const id = readable(target).replace('integrations/', '');
    const uri = readable(integrations.get(id)?.Properties['IntegrationUri']);
    return deployed.find((fn) => uri === `${fn.id}.Arn`)?.name;
  }

  it.each(specs.flatMap(([name, spec]) => spec.routes.map((route) => [route, name])))(
    '%s reaches %s',
    (route, name) => {
      const found = routes.filter((candidate) => candidate['RouteKey'] === route);
      expect(found.map((candidate) => functionOf(candidate['Target']))).toEqual([name]);
    },
  );

  it('there are no others, and none that catches everything', () => {
    expect(routes.map((route) => String(route['RouteKey'])).sort()).toEqual(
      specs.flatMap(([, spec]) => spec.routes).sort(),
    );
  });

  it('hand over payload 2.0', () => {
    for (const { Properties } of integrations.values()) expect(Properties['PayloadFormatVersion']).toBe('2.0');
  });

  it('are throttled, and logged without headers, paths or query strings', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    });
    const stage = z
      .object({ AccessLogSettings: z.object({ Format: z.string() }) })
      .parse([...resources(template, 'AWS::ApiGatewayV2::Stage').values()][0]?.Properties);
    const written = Object.values(z.record(z.string(), z.string()).parse(JSON.parse(stage.AccessLogSettings.Format)));
    expect(written.filter((variable) => /header|query|path|authorizer|rawBody/i.test(variable))).toEqual([]);
    expect(written).toContain('$context.requestId');
  });
});

describe('the environment of a function', () => {
  /** By what any of these grants begins with. */
  const COMES_WITH = {
    SESSIONS_TABLE: ['sessions:'],
    ARCHIVE_BUCKET: ['blobs:', 'archive:', 'digests:', 'outcomes:'],
    CONFIG_BUCKET: ['config:'],
    CONFIG_KEY: ['config:'],
    CONFIG_MAX_AGE_SECONDS: ['config:'],
    WORKFLOW_ARN: ['workflow:'],
    DIGEST_KEY_ID: ['digests:'],
    INSTALLATION_SECRET: ['installation-secret:'],
  } as const;
  const SETTINGS = [
    'SESSIONS_TABLE',
    'ARCHIVE_BUCKET',
    'CONFIG_BUCKET',
    'CONFIG_KEY',
    'CONFIG_MAX_AGE_SECONDS',
    'WORKFLOW_ARN',
    'DIGEST_KEY_ID',
    'INSTALLATION_SECRET',
  ] as const;
  const ALWAYS = ['NODE_OPTIONS', 'POWERTOOLS_METRICS_NAMESPACE', 'POWERTOOLS_SERVICE_NAME'];
  const environmentSchema = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });
  const variablesOf = (properties: unknown): Record<string, unknown> =>
    environmentSchema.parse(properties).Environment.Variables;

  it.each(deployed)(
    'of $name holds the settings that come with its grants, and nothing else',
    ({ name, properties }) => {
      const grants = specs.find(([candidate]) => candidate === name)?.[1].grants ?? [];
      const has = (prefix: string): boolean => grants.some((grant) => grant.startsWith(prefix));
      const expected = SETTINGS.filter((setting) => COMES_WITH[setting].some(has));
      expect(Object.keys(variablesOf(properties)).sort()).toEqual([...ALWAYS, ...expected].sort());
    },
  );

  it('holds no credential, and of references only the one to the secret that keys digests', () => {
    const variables = deployed.map(({ properties }) => Object.entries(variablesOf(properties)));
    const own = variables.flat().filter(([name]) => name === 'INSTALLATION_SECRET');
    expect(new Set(own.map(([, value]) => readable(value)))).toEqual(new Set(['InstallationSecret']));
    const text = JSON.stringify(variables.flat().filter(([name]) => name !== 'INSTALLATION_SECRET'));
    expect(text).not.toMatch(/secret|token|password|resolve:|xox[abp]-|AKIA/i);
  });
});

describe('logs', () => {
  it('of every function go to a group of its own', () => {
    const groups = deployed.map(({ properties }) =>
      z.object({ LoggingConfig: z.object({ LogGroup: z.unknown() }) }).parse(properties),
    );
    expect(new Set(groups.map(({ LoggingConfig }) => readable(LoggingConfig.LogGroup))).size).toBe(deployed.length);
  });

  it('are kept for a bounded time, all of them', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { LoggingConfig: Match.absent() }, 0);
  });
});
