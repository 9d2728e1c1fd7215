import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ACCESS_LOG } from '../../infra/constructs/http-api.ts';
import { DEFAULT_DEPLOYMENT, deploymentSchema, type Deployment } from '../../infra/deployment/settings.ts';
import { functions, reachesTargets, type FunctionSpec } from '../../infra/functions.ts';
import { bundleSchema } from '../../shared/contracts/config/bundle.ts';
import { sealBundle } from '../../shared/config/deployed-bundle.ts';
import { bundle } from './bundle-fixture.ts';
import { deployedFunctions, permissions, resources, synthesise, synthesiseAll } from './template.ts';

const specs = Object.entries<FunctionSpec>(functions);
const plain = synthesiseAll();
const set = (given: object): Deployment => deploymentSchema.parse({ version: 1, ...given });

describe('a change of policy', () => {
  const policies = [{ name: 'other.cedar', text: '@id("other")\nforbid (principal, action, resource);' }];
  const changed = synthesiseAll(bundleSchema.parse({ ...bundle, policies }));

  it('touches nothing of the gateway, so no function is deployed again', () => {
    expect(changed.gateway.toJSON()).toEqual(plain.gateway.toJSON());
  });

  it('is one new object, whose hash the deployment prints', () => {
    expect(changed.configuration.toJSON()).not.toEqual(plain.configuration.toJSON());
    plain.configuration.hasOutput('BundleSha256', { Value: sealBundle(bundle).sha256 });
    expect(sealBundle(bundle).sha256).not.toBe(sealBundle({ ...bundle, policies }).sha256);
  });

  it('takes no function, role or table of the gateway: its stack has one object and the uploader', () => {
    const { Resources } = z
      .object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) })
      .parse(plain.configuration.toJSON());
    const types = Object.values(Resources).map(({ Type }) => Type);
    expect([...new Set(types)].sort()).toEqual([
      ...['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Lambda::LayerVersion'],
      ...['AWS::Logs::LogGroup', 'Custom::CDKBucketDeployment'],
    ]);
  });

  it('leaves every version that was in force where it was', () => {
    plain.configuration.hasResourceProperties('Custom::CDKBucketDeployment', { Prune: false });
    plain.gateway.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 365 } })] },
    });
  });
});

describe('the access log', () => {
  it('has exactly these fields', () => {
    expect(ACCESS_LOG).toEqual({
      requestId: '$context.requestId',
      time: '$context.requestTime',
      ip: '$context.identity.sourceIp',
      route: '$context.routeKey',
      status: '$context.status',
      protocol: '$context.protocol',
      bytes: '$context.responseLength',
      millis: '$context.responseLatency',
      integrationMillis: '$context.integrationLatency',
      integrationError: '$context.integrationErrorMessage',
    });
  });
});

describe('concurrency', () => {
  it.each(specs)('of %s is kept where it reaches targets, as the table says', (name, spec) => {
    const deployed = deployedFunctions(plain.gateway).find((fn) => fn.name === name);
    expect(deployed?.properties['ReservedConcurrentExecutions']).toBe(spec.reservedConcurrency);
    if (reachesTargets(spec)) expect(spec.reservedConcurrency).toBeGreaterThan(0);
  });

  it('leaves an account with the default quota of 1,000 its hundred, and more', () => {
    const kept = specs.reduce((sum, [, spec]) => sum + (spec.reservedConcurrency ?? 0), 0);
    expect(kept).toBeLessThanOrEqual(400);
  });

  it('is not kept in an account that has too little', () => {
    const small = synthesise(bundle, set({ reserveConcurrency: false }));
    for (const { properties } of deployedFunctions(small))
      expect(properties['ReservedConcurrentExecutions']).toBeUndefined();
  });
});

describe('what is optional', () => {
  const vpc = {
    id: 'vpc-0123456789abcdef0',
    subnets: [{ id: 'subnet-0123456789abcdef0', availabilityZone: 'eu-west-1a' }],
    securityGroups: ['sg-0123456789abcdef0'],
  };
  const domain = { name: 'gate.example.com', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/x' };
  const webAclArn = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b';
  const secretKey = 'arn:aws:kms:eu-west-1:123456789012:key/0';
  const full = synthesise(
    bundle,
    set({
      ...{ vpc, waf: { webAclArn }, secretKeyArns: [secretKey], logDays: 30, throttle: { ratePerSecond: 7, burst: 9 } },
      domain: { ...domain, hostedZone: { id: 'Z0123456789', name: 'example.com' } },
      alarms: { email: 'on-call@example.com' },
    }),
  );

  it('is not there unless it is asked for', () => {
    for (const type of [
      'CloudFront::Distribution',
      'ApiGatewayV2::DomainName',
      'Route53::RecordSet',
      'SNS::Subscription',
    ])
      plain.gateway.resourceCountIs(`AWS::${type}`, 0);
    expect(DEFAULT_DEPLOYMENT.sample).toBe(false);
    expect(Object.keys(synthesiseAll())).toEqual(['gateway', 'configuration']);
  });

  it('a name of its own, with the other one switched off', () => {
    full.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainName: 'gate.example.com' });
    full.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    full.resourceCountIs('AWS::Route53::RecordSet', 2);
  });

  it('a web ACL at a distribution in front, since an HTTP API cannot carry one; it caches nothing', () => {
    full.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
    full.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({
        WebACLId: webAclArn,
        // AWS's policies "CachingDisabled" and "AllViewerExceptHostHeader" (CloudFront developer guide).
        DefaultCacheBehavior: Match.objectLike({
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
          ViewerProtocolPolicy: 'https-only',
        }),
      }),
    });
  });

  it('a VPC, for the functions that reach targets and for no other', () => {
    const inside = deployedFunctions(full).filter(({ properties }) => properties['VpcConfig'] !== undefined);
    expect(inside.map(({ name }) => name).sort()).toEqual(
      specs.flatMap(([name, spec]) => (reachesTargets(spec) ? [name] : [])).sort(),
    );
    const interfaces = permissions(full).filter(({ action }) => action.startsWith('ec2:'));
    expect(new Set(interfaces.map(({ role }) => role)).size).toBe(inside.length);
    expect(permissions(plain.gateway).some(({ action }) => action.startsWith('ec2:'))).toBe(false);
  });

  it('keys of the secrets, only by way of Secrets Manager', () => {
    const roles = permissions(full).filter(({ resource }) => resource === secretKey);
    expect(new Set(roles.map(({ action }) => action))).toEqual(new Set(['kms:Decrypt']));
    expect(JSON.stringify([...resources(full, 'AWS::IAM::Policy').values()])).toContain('"kms:ViaService"');
  });

  it('throttling, days of logs and an address for the alarms', () => {
    full.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
    });
    full.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    full.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'on-call@example.com' });
  });

  it('a sample database, in a stack of its own: Serverless v2 that sleeps, by the Data API alone', () => {
    const { sample } = synthesiseAll(bundle, set({ sample: true }));
    sample?.hasResourceProperties('AWS::RDS::DBCluster', {
      EnableHttpEndpoint: true,
      StorageEncrypted: true,
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 1 },
    });
    sample?.resourceCountIs('AWS::EC2::InternetGateway', 0);
    sample?.resourceCountIs('AWS::SecretsManager::Secret', 3);
    expect(JSON.stringify(sample?.toJSON())).not.toMatch(/"(MasterUserPassword|SecretString)":"(?!\{\{resolve)/);
  });
});
