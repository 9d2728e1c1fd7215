import { join } from 'node:path';
import * as z from 'zod';
import { jsonSchema } from '../lambda/json.ts';
import type { FunctionSpec } from '../lambda/function-spec.ts';
import type { Route } from '../http-api/routes.ts';
import { StartFailure } from '../start-failure.ts';
import { entryOf, identifiersOf } from './identifiers.ts';
import type { Identifiers } from './identifiers.ts';
import { parseSchedule } from './rate.ts';
import type { Resource, Template } from './template.ts';
import { resolve } from './resolve.ts';
import * as shape from './shapes.ts';

/** What a template asks for, every reference worked out: all that the embedded stack needs to make it. */
export type Plan = {
  readonly functions: readonly FunctionSpec[];
  readonly routes: readonly Route[];
  readonly tables: readonly shape.Table[];
  readonly buckets: readonly shape.Bucket[];
  readonly machines: readonly { readonly arn: string; readonly definition: string }[];
  readonly keys: readonly SigningKey[];
  readonly secrets: readonly { readonly arn: string; readonly characters: number }[];
  readonly schedules: readonly Schedule[];
  readonly streams: readonly StreamMapping[];
  /** Types of resources that exist on AWS only, with how many of each. */
  readonly notEmulated: ReadonlyMap<string, number>;
};

export type Schedule = {
  readonly name: string;
  readonly everySeconds: number;
  readonly functionArn: string;
  readonly input: z.output<typeof jsonSchema> | undefined;
};
export type SigningKey = {
  readonly id: string;
  readonly spec: NonNullable<z.output<typeof shape.keySchema>['KeySpec']>;
  readonly description: string;
};
export type StreamMapping = shape.Mapping & { readonly tableName: string; readonly functionArn: string };

/** Made here from the template. Everything else is listed as not emulated, so that nobody takes it for tested. */
const MADE = new Set([
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventSourceMapping',
  'AWS::StepFunctions::StateMachine',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::Scheduler::Schedule',
  'AWS::Events::Rule',
  'AWS::SecretsManager::Secret',
  // The upload of the configuration: the stack does it itself, with its own addresses in it.
  'Custom::CDKBucketDeployment',
]);

export function planOf(template: Template, project: string): Plan {
  const read = new TemplateReader(template);
  return {
    functions: read.all('AWS::Lambda::Function').flatMap((entry) => functionOf(read, entry, project)),
    routes: read.all('AWS::ApiGatewayV2::Route').map((entry) => routeOf(read, entry)),
    tables: read
      .all('AWS::DynamoDB::Table')
      .map((entry) => ({ ...read.as(shape.tableSchema, entry), TableName: read.ref(entry.id) })),
    buckets: read
      .all('AWS::S3::Bucket')
      .map((entry) => ({ ...read.as(shape.bucketSchema, entry), Bucket: read.ref(entry.id) })),
    machines: read
      .all('AWS::StepFunctions::StateMachine')
      .map((entry) => ({ arn: read.ref(entry.id), definition: read.as(shape.machineSchema, entry).DefinitionString })),
    keys: read.all('AWS::KMS::Key').flatMap((entry) => keyOf(read, entry)),
    secrets: read.all('AWS::SecretsManager::Secret').map((entry) => secretOf(read, entry)),
    schedules: [
      ...read.all('AWS::Scheduler::Schedule').flatMap((entry) => scheduleOf(read, entry)),
      ...read.all('AWS::Events::Rule').flatMap((entry) => ruleOf(read, entry)),
    ],
    streams: read.all('AWS::Lambda::EventSourceMapping').map((entry) => mappingOf(read, entry)),
    notEmulated: read.notMade(),
  };
}

type Entry = { readonly id: string; readonly resource: Resource };

class TemplateReader {
  readonly identifiers: Identifiers;
  private readonly template: Template;

  constructor(template: Template) {
    this.template = template;
    this.identifiers = identifiersOf(template);
  }

  all(type: string): Entry[] {
    return Object.entries(this.template.Resources).flatMap(([id, resource]) =>
      resource.Type === type ? [{ id, resource }] : [],
    );
  }

  ref(id: string): string {
    return z.string().parse(this.identifiers.ref(id));
  }

  /** Only the members that the schema names are resolved: the others may refer to what is not here. */
  as<T extends z.ZodObject>(schema: T, { id, resource }: Entry): z.output<T> {
    const wanted = Object.entries(resource.Properties).filter(([name]) => Object.hasOwn(schema.shape, name));
    const parsed = schema.safeParse(
      Object.fromEntries(wanted.map(([name, value]) => [name, resolve(value, this.identifiers)])),
    );
    if (parsed.success) return parsed.data;
    throw new StartFailure(
      `the template's ${id} (${resource.Type}) asks for what the embedded stack cannot make:\n${z.prettifyError(parsed.error)}`,
    );
  }

  notMade(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { Type } of Object.values(this.template.Resources))
      if (!MADE.has(Type)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
    return counts;
  }
}

/** CDK's own helper functions carry no entry of ours and are not run. */
function functionOf(read: TemplateReader, entry: Entry, project: string): FunctionSpec[] {
  const source = entryOf(entry.resource);
  if (source === undefined) return [];
  const { Timeout, MemorySize, Environment } = read.as(shape.functionSchema, entry);
  const arn = z.string().parse(read.identifiers.attribute(entry.id, 'Arn'));
  return [
    {
      name: read.ref(entry.id),
      arn,
      entry: join(project, source),
      timeoutSeconds: Timeout,
      memoryMegabytes: MemorySize,
      environment: Environment.Variables,
    },
  ];
}

function routeOf(read: TemplateReader, entry: Entry): Route {
  const { RouteKey, Target } = read.as(shape.routeSchema, entry);
  const id = Target.replace('integrations/', '');
  const integration = read.all('AWS::ApiGatewayV2::Integration').find((candidate) => candidate.id === id);
  if (integration === undefined)
    throw new StartFailure(`route ${RouteKey} has the target ${Target}, which is no integration`);
  const { IntegrationUri, TimeoutInMillis } = read.as(shape.integrationSchema, integration);
  return { routeKey: RouteKey, functionArn: IntegrationUri, timeoutSeconds: TimeoutInMillis / 1000 };
}

function scheduleOf(read: TemplateReader, entry: Entry): Schedule[] {
  const { ScheduleExpression, State, Target } = read.as(shape.scheduleSchema, entry);
  if (State === 'DISABLED') return [];
  const input = Target.Input === undefined ? undefined : jsonSchema.parse(JSON.parse(Target.Input));
  return [{ name: entry.id, everySeconds: parseSchedule(ScheduleExpression), functionArn: Target.Arn, input }];
}

function ruleOf(read: TemplateReader, entry: Entry): Schedule[] {
  const { ScheduleExpression, State, Targets } = read.as(shape.ruleSchema, entry);
  if (State === 'DISABLED') return [];
  const everySeconds = parseSchedule(ScheduleExpression);
  return Targets.map(({ Arn, Input }) => ({
    name: entry.id,
    everySeconds,
    functionArn: Arn,
    input: Input === undefined ? undefined : jsonSchema.parse(JSON.parse(Input)),
  }));
}

function keyOf(read: TemplateReader, entry: Entry): SigningKey[] {
  const { KeySpec: spec, Description: description } = read.as(shape.keySchema, entry);
  return spec === undefined ? [] : [{ id: read.ref(entry.id), spec, description }];
}

const secretOf = (read: TemplateReader, entry: Entry): Plan['secrets'][number] => ({
  arn: read.ref(entry.id),
  characters: read.as(shape.secretSchema, entry).GenerateSecretString.PasswordLength,
});

function mappingOf(read: TemplateReader, entry: Entry): StreamMapping {
  const mapping = read.as(shape.mappingSchema, entry);
  const table = read
    .all('AWS::DynamoDB::Table')
    .find(({ id }) => read.identifiers.attribute(id, 'StreamArn') === mapping.EventSourceArn);
  const target = read
    .all('AWS::Lambda::Function')
    .find(({ id }) => [read.ref(id), read.identifiers.attribute(id, 'Arn')].includes(mapping.FunctionName));
  if (table === undefined || target === undefined)
    throw new StartFailure(
      `${entry.id} joins ${mapping.EventSourceArn} to ${mapping.FunctionName}, which are not both in the template`,
    );
  return {
    ...mapping,
    tableName: read.ref(table.id),
    functionArn: z.string().parse(read.identifiers.attribute(target.id, 'Arn')),
  };
}
