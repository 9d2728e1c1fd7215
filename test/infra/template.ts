import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import * as z from 'zod';
import type { Bundle } from '../../shared/contracts/config/bundle.ts';
import { DEFAULT_DEPLOYMENT, type Deployment } from '../../infra/deployment/settings.ts';
import { stacksOf } from '../../infra/stacks.ts';
import { bundle } from './bundle-fixture.ts';

/** Synthesises the stack of the gateway with nothing bundled, about a second. */
export const synthesise = (of: Bundle = bundle, deployment: Deployment = DEFAULT_DEPLOYMENT): Template =>
  synthesiseAll(of, deployment).gateway;

/** The same, and the stack of its configuration. */
export function synthesiseAll(of: Bundle = bundle, deployment: Deployment = DEFAULT_DEPLOYMENT) {
  const outdir = mkdtempSync(join(tmpdir(), 'countersign-synth-'));
  const app = new App({ context: { ...CURRENTLY_RECOMMENDED_FLAGS, 'aws:cdk:bundling-stacks': [] }, outdir });
  const stacks = stacksOf(app, { bundle: of, deployment });
  const gateway = Template.fromStack(stacks.gateway);
  const configuration = Template.fromStack(stacks.configuration);
  const sample = stacks.sample === undefined ? {} : { sample: Template.fromStack(stacks.sample) };
  // CDK copies a layer of 22 MB beside every template.
  rmSync(outdir, { recursive: true });
  return { gateway, configuration, ...sample };
}

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.object({ countersign: z.object({ entry: z.string() }).optional() }).optional(),
});

export type Resource = z.output<typeof resourceSchema>;

export function resources(template: Template, type: string): Map<string, Resource> {
  const found = Object.entries(template.findResources(type));
  return new Map(found.map(([id, resource]) => [plain(id), resourceSchema.parse(resource)]));
}

/** A logical ID without the eight hex digits that CDK adds. */
export const plain = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

const intrinsic = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => (Ref.startsWith('AWS::') ? `<${Ref}>` : plain(Ref))),
  z
    .object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
    .transform(({ 'Fn::GetAtt': [id, name] }) => `${plain(id)}.${name}`),
  z
    .object({ 'Fn::GetStackOutput': z.object({ StackName: z.string(), OutputName: z.string() }) })
    .transform(({ 'Fn::GetStackOutput': { StackName, OutputName } }) => `${StackName}:${OutputName}`),
  z.object({ 'Fn::Sub': z.string() }).transform(({ 'Fn::Sub': text }) => text),
]);

/** What a value of the template says, on one line: `SessionsTable.Arn/index/byDay`. */
export function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(readable).join(join.data['Fn::Join'][0]);
  return intrinsic.parse(value);
}

const oneOrMore = <T extends z.ZodType>(schema: T) => z.union([z.array(schema), schema.transform((one) => [one])]);

const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore(z.string()),
  Resource: oneOrMore(z.unknown().transform(readable)),
  Sid: z.string().optional(),
  Condition: z.unknown().optional(),
});

const policySchema = z.object({
  PolicyDocument: z.object({ Statement: z.array(statementSchema) }),
  Roles: z.array(z.unknown()),
});

export interface Permission {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

/** Every permission that the template gives, one line each. */
export function permissions(template: Template): Permission[] {
  return [...resources(template, 'AWS::IAM::Policy').values()].flatMap(({ Properties }) => {
    const policy = policySchema.parse(Properties);
    return policy.Roles.flatMap((role) =>
      policy.PolicyDocument.Statement.flatMap(({ Action, Resource }) =>
        Action.flatMap((action) => Resource.map((resource) => ({ role: readable(role), action, resource }))),
      ),
    );
  });
}

export interface DeployedFunction {
  readonly name: string;
  readonly id: string;
  readonly properties: Record<string, unknown>;
}

const ENTRY = /^functions\/([a-z-]+)\/index\.ts$/;

/** The gateway's own functions, by the folder that they are made from. */
export function deployedFunctions(template: Template): DeployedFunction[] {
  return [...resources(template, 'AWS::Lambda::Function')].flatMap(([id, { Properties, Metadata }]) => {
    const name = ENTRY.exec(Metadata?.countersign?.entry ?? '')?.[1];
    return name === undefined ? [] : [{ name, id, properties: Properties }];
  });
}
