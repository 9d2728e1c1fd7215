import { describe, expect, it } from 'vitest';
import { functions, type FunctionSpec, type Grant } from '../../infra/functions.ts';
import { bundleSchema } from '../../shared/contracts/config/bundle.ts';
import { bundle } from './bundle-fixture.ts';
import { tableOf } from '../docs/documents.ts';
import { inWords, PERMISSIONS, writtenPatterns } from './permissions-table.ts';
import { deployedFunctions, permissions, readable, resources, synthesise, synthesiseAll } from './template.ts';

const { gateway: template, configuration } = synthesiseAll();
const given = permissions(template);
/** CDK's own function, which puts the configuration into its bucket. */
const uploading = permissions(configuration);
const deployed = deployedFunctions(template);

const on = (resources: readonly string[], ...actions: string[]): string[] =>
  resources.flatMap((resource) => actions.map((action) => `${action} ${resource}`));

const TABLE = ['SessionsTable.Arn'];
const INDEXES = ['byAgent', 'byDay', 'open'].map((index) => `SessionsTable.Arn/index/${index}`);
const WORKFLOW = ['arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:Countersign-approval'];
const KEY = ['DataKey.Arn'];
const QUERY = on([...TABLE, ...INDEXES], 'dynamodb:Query');
const READ_ITEMS = ['dynamodb:GetItem'];
const CLUSTERS = [
  'arn:aws:rds:eu-west-1:123456789012:cluster:orders',
  'arn:aws:rds:eu-west-1:123456789012:cluster:billing',
];
const EVERY_LOGIN = [
  'orders/write-AbCdEf',
  'orders/read-AbCdEf',
  'billing-AbCdEf',
  'shop/write-AbCdEf',
  'shop/read-AbCdEf',
];
const secrets = (...names: string[]): string[] =>
  names
    .map((name) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}`)
    .flatMap((arn) => [arn, `${arn}-??????`]);

/** What each word of the functions' table comes to, written a second time on purpose. */
const MEANS: Readonly<Record<Grant, readonly string[]>> = {
  'sessions:read': [...QUERY, ...on(TABLE, ...READ_ITEMS), ...on(KEY, 'kms:Decrypt')],
  'sessions:write': [
    ...QUERY,
    ...on(TABLE, ...READ_ITEMS, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'),
    ...on(KEY, 'kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'),
  ],
  'blobs:read': [...on(['ArchiveBucket.Arn/blobs/*'], 's3:GetObject'), ...on(KEY, 'kms:Decrypt')],
  'blobs:write': [...on(['ArchiveBucket.Arn/blobs/*'], 's3:PutObject'), ...on(KEY, 'kms:GenerateDataKey')],
  'archive:write': [
    ...on(
      ['ArchiveBucket.Arn/sessions/*'],
      's3:PutObject',
      's3:PutObjectRetention',
      's3:PutObjectLegalHold',
      's3:GetObject',
    ),
    ...on(
      ['ArchiveBucket.Arn/blobs/*'],
      's3:GetObject',
      's3:GetObjectRetention',
      's3:PutObjectRetention',
      's3:PutObjectLegalHold',
    ),
    ...on(['ArchiveBucket.Arn'], 's3:ListBucket'),
    ...on(KEY, 'kms:GenerateDataKey', 'kms:Decrypt'),
  ],
  'digests:write': [
    ...on(['ArchiveBucket.Arn/digests/*'], 's3:PutObject', 's3:GetObject'),
    ...on(['ArchiveBucket.Arn/keys/*'], 's3:PutObject'),
    ...on(['ArchiveBucket.Arn'], 's3:ListBucket'),
    ...on(KEY, 'kms:GenerateDataKey', 'kms:Decrypt'),
    ...on(['DigestKey.Arn'], 'kms:Sign', 'kms:GetPublicKey'),
  ],
  'outcomes:write': [
    ...on(['ArchiveBucket.Arn/outcomes-pending/*'], 's3:PutObject'),
    ...on(KEY, 'kms:GenerateDataKey'),
  ],
  'outcomes:read': [
    ...on(['ArchiveBucket.Arn/outcomes-pending/*'], 's3:GetObject'),
    ...on(['ArchiveBucket.Arn'], 's3:ListBucket'),
    ...on(KEY, 'kms:Decrypt'),
  ],
  'config:read': [...on(['ConfigurationBucket.Arn/bundle.json'], 's3:GetObject'), ...on(KEY, 'kms:Decrypt')],
  'targets:execute': [
    ...on(
      CLUSTERS,
      'rds-data:ExecuteStatement',
      'rds-data:BeginTransaction',
      'rds-data:CommitTransaction',
      'rds-data:RollbackTransaction',
    ),
    ...on(secrets(...EVERY_LOGIN), 'secretsmanager:GetSecretValue'),
  ],
  'targets:preview': [
    ...on(CLUSTERS, 'rds-data:ExecuteStatement', 'rds-data:BeginTransaction', 'rds-data:RollbackTransaction'),
    ...on(secrets(...EVERY_LOGIN), 'secretsmanager:GetSecretValue'),
  ],
  'targets:read': [
    ...on(CLUSTERS, 'rds-data:ExecuteStatement'),
    ...on(secrets('orders/read-AbCdEf', 'billing-AbCdEf', 'shop/read-AbCdEf'), 'secretsmanager:GetSecretValue'),
  ],
  'workflow:start': on(WORKFLOW, 'states:StartExecution'),
  'workflow:answer': on(WORKFLOW, 'states:SendTaskSuccess'),
  'slack:read': on(secrets('slack-AbCdEf'), 'secretsmanager:GetSecretValue'),
  'installation-secret:read': [
    ...on(['InstallationSecret'], 'secretsmanager:GetSecretValue'),
    ...on(KEY, 'kms:Decrypt'),
  ],
};

const ALWAYS = (id: string): string[] => [
  ...on(['*'], 'xray:PutTraceSegments', 'xray:PutTelemetryRecords'),
  ...on([`${id}partsLogs.Arn`], 'logs:CreateLogStream', 'logs:PutLogEvents'),
];

/** What waking by the table's stream takes, beside the grants. */
const STREAM = [
  ...on(['SessionsTable.StreamArn'], 'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'),
  ...on(['*'], 'dynamodb:ListStreams'),
  ...on(KEY, 'kms:Decrypt', 'kms:DescribeKey'),
  ...on(['ArchivingFailed.Arn'], 'sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'),
];

/** CDK writes a narrower statement away where a wider one says the same. */
const WIDER: Readonly<Record<string, string>> = {
  'kms:GenerateDataKey DataKey.Arn': 'kms:GenerateDataKey* DataKey.Arn',
};
const merged = (lines: readonly string[]): string[] => {
  const all = new Set(lines);
  return [...all].filter((line) => !all.has(WIDER[line] ?? '')).sort();
};

describe('the role of', () => {
  const specs: [string, FunctionSpec][] = Object.entries(functions);
  it.each(specs)('%s may do exactly what the table says', (name, spec) => {
    const id = deployed.find((fn) => fn.name === name)?.id ?? '';
    const own = given
      .filter(({ role }) => role === `${id}partsRole`)
      .map(({ action, resource }) => `${action} ${resource}`);
    const expected = [
      ...ALWAYS(id),
      ...spec.grants.flatMap((grant) => MEANS[grant]),
      ...(name === 'archive-sessions' ? STREAM : []),
    ];
    expect(merged(own)).toEqual(merged(expected));
  });
});

describe('roles', () => {
  it('are one a function', () => {
    const roles = deployed.map(({ properties }) => readable(properties['Role']));
    expect(new Set(roles).size).toBe(deployed.length);
  });

  it('use no managed policy, but for the uploader that CDK brings', () => {
    const managed = [template, configuration].map((one) =>
      [...resources(one, 'AWS::IAM::Role')].filter(
        ([, { Properties }]) => Properties['ManagedPolicyArns'] !== undefined,
      ),
    );
    expect(managed.map((roles) => roles.map(([id]) => id))).toEqual([
      [],
      [expect.stringMatching(/^CustomCDKBucketDeployment.*ServiceRole$/)],
    ]);
  });

  it('never delete, scan, or pass a role on', () => {
    const bad = given.filter(({ action }) =>
      /Delete(Item|Table|Bucket$)|:Scan$|iam:|PassRole|^\*|^[a-z0-9-]+:\*$/.test(action),
    );
    expect(bad).toEqual([]);
  });

  it('reach nothing of Slack when the configuration has none', () => {
    const { slack, ...gateway } = bundle.gateway;
    expect(slack).toBeDefined();
    const without = permissions(synthesise(bundleSchema.parse({ ...bundle, gateway })));
    expect(without.filter(({ resource }) => resource.includes(':secret:slack'))).toEqual([]);
  });
});

describe('patterns in resources', () => {
  const patterns = [...given, ...uploading].filter(({ resource }) => /[*?]/.test(resource)).map(inWords);

  it('are those of the written table, and no others', () => {
    expect([...new Set(patterns)].sort()).toEqual([...new Set(writtenPatterns)].sort());
  });

  it('have a reason each', () => {
    expect(tableOf(PERMISSIONS, 'who').filter(([, , , why = '']) => why.length < 10)).toEqual([]);
  });

  it('in actions are two families on one named key', () => {
    const families = given.filter(({ action }) => action.includes('*'));
    expect(new Set(families.map(({ action, resource }) => `${action} ${resource}`))).toEqual(
      new Set(['kms:GenerateDataKey* DataKey.Arn', 'kms:ReEncrypt* DataKey.Arn']),
    );
  });
});
