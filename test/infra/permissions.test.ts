import { describe, expect, it } from 'vitest';
import { functions, type FunctionSpec, type Grant } from '../../infra/functions.ts';
import { bundleSchema } from '../../shared/contracts/config/bundle.ts';
import { bundle } from './bundle-fixture.ts';
import { deployedFunctions, permissions, type Permission, readable, resources, synthesise } from './template.ts';

const template = synthesise();
const given = permissions(template);
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
    const managed = [...resources(template, 'AWS::IAM::Role')].filter(
      ([, { Properties }]) => Properties['ManagedPolicyArns'] !== undefined,
    );
    expect(managed.map(([id]) => id)).toEqual([expect.stringMatching(/^CustomCDKBucketDeployment.*ServiceRole$/)]);
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

/** Every resource that is named by a pattern, and why nothing narrower would do. */
const WILDCARDS: readonly {
  readonly role: RegExp;
  readonly action: RegExp;
  readonly resource: RegExp;
  readonly why: string;
}[] = [
  { role: /./, action: /^xray:/, resource: /^\*$/, why: 'X-Ray has no resources to name' },
  {
    role: /^archivesessions/,
    action: /^dynamodb:ListStreams$/,
    resource: /^\*$/,
    why: 'lists, so it has no resource to name',
  },
  {
    role: /^ApprovalWorkflow/,
    action: /^logs:.*(Deliver|ResourcePolic|LogGroups)/,
    resource: /^\*$/,
    why: 'log delivery of Step Functions has no resources to name',
  },
  {
    role: /./,
    action: /^s3:/,
    resource: /^ArchiveBucket\.Arn\/(blobs|sessions|digests|keys|outcomes-pending)\/\*$/,
    why: 'keys are made as sessions come',
  },
  {
    role: /./,
    action: /^secretsmanager:GetSecretValue$/,
    resource: /-\?{6}$/,
    why: 'six characters that Secrets Manager chooses',
  },
  {
    role: /^(ApprovalWorkflow|SchedulerRole)/,
    action: /^lambda:InvokeFunction$/,
    resource: /^[a-z]+\.Arn:\*$/,
    why: 'versions of one function',
  },
  {
    role: /^CustomCDKBucketDeployment/,
    action: /^s3:/,
    resource: /(cdk-hnb659fds-assets-.*|^ConfigurationBucket\.Arn)\/\*$/,
    why: 'the uploader copies from the assets of CDK to the configuration bucket',
  },
];

describe('patterns in resources', () => {
  const wide = given.filter(({ resource }) => /[*?]/.test(resource));
  const covers = (entry: (typeof WILDCARDS)[number], { role, action, resource }: Permission): boolean =>
    entry.role.test(role) && entry.action.test(action) && entry.resource.test(resource);

  it('are all in the written table', () => {
    expect(wide.filter((permission) => !WILDCARDS.some((entry) => covers(entry, permission)))).toEqual([]);
  });

  it.each(WILDCARDS)('are still needed where the table says: $why', (entry) => {
    expect(wide.some((permission) => covers(entry, permission))).toBe(true);
  });
});
