import * as z from 'zod';
import { jsonSchema } from '../lambda/json.ts';
import { faultInFilter } from '../stream/filter.ts';

/** Properties of resources, as CloudFormation names them. What is not named here has no effect on the embedded stack. */
const attribute = z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) });
const key = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.object({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});

export const tableSchema = z.object({
  AttributeDefinitions: z.array(attribute),
  KeySchema: key,
  GlobalSecondaryIndexes: z
    .array(z.object({ IndexName: z.string(), KeySchema: key, Projection: projection }))
    .optional(),
  LocalSecondaryIndexes: z.never({ error: 'local secondary indexes are not made here' }).optional(),
  StreamSpecification: z
    .object({ StreamViewType: z.enum(['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY']) })
    .optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
});
export type Table = z.output<typeof tableSchema> & { readonly TableName: string };

/** Keys that sign. Those that encrypt are not made: nothing here is encrypted. */
export const keySchema = z.object({
  KeySpec: z.enum(['ECC_NIST_P256', 'RSA_2048', 'HMAC_256']).optional(),
  Description: z.string().default(''),
});

/** Secrets whose text is chosen when they are made. */
export const secretSchema = z.object({
  Description: z.string().default(''),
  GenerateSecretString: z.strictObject({
    PasswordLength: z.int().min(32).max(4_096),
    ExcludePunctuation: z.literal(true),
  }),
});

const defaultRetention = z.object({
  Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
  Days: z.int().optional(),
  Years: z.int().optional(),
});
export const bucketSchema = z.object({
  VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  ObjectLockEnabled: z.boolean().optional(),
  ObjectLockConfiguration: z
    .object({
      ObjectLockEnabled: z.literal('Enabled'),
      Rule: z.object({ DefaultRetention: defaultRetention }).optional(),
    })
    .optional(),
});
export type Bucket = z.output<typeof bucketSchema> & { readonly Bucket: string };

export const functionSchema = z.object({
  Timeout: z.int().min(1).max(900).default(3),
  MemorySize: z.int().min(128).max(10_240).default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).default({ Variables: {} }),
});

/** 30 s is both the default and the most that an HTTP API waits. */
export const integrationSchema = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.int().min(50).max(30_000).default(30_000),
});

export const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z
    .literal('NONE', { error: 'the embedded HTTP API has no authorizers; functions authenticate' })
    .default('NONE'),
});

export const machineSchema = z.object({
  DefinitionString: z.string(),
  StateMachineType: z.literal('STANDARD', { error: 'only Standard workflows are run here' }).default('STANDARD'),
});

const target = z.object({ Arn: z.string(), Input: z.string().optional() });
const state = z.enum(['ENABLED', 'DISABLED']).default('ENABLED');
export const scheduleSchema = z.object({ ScheduleExpression: z.string(), State: state, Target: target });
export const ruleSchema = z.object({ ScheduleExpression: z.string(), State: state, Targets: z.array(target) });

const filter = z
  .object({ Pattern: z.string().transform((text) => jsonSchema.parse(JSON.parse(text))) })
  .superRefine((given, context) => {
    const fault = faultInFilter(given.Pattern);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  });
export const mappingSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.int().min(1).max(10_000).default(100),
  BisectBatchOnFunctionError: z.boolean().default(false),
  /** -1 on AWS is for ever. */
  MaximumRetryAttempts: z.int().min(-1).max(10_000).default(-1),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  FilterCriteria: z.object({ Filters: z.array(filter) }).optional(),
});
export type Mapping = z.output<typeof mappingSchema>;
