import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bundleSchema } from '../../shared/contracts/config/bundle.ts';
import { bundle } from './bundle-fixture.ts';
import { body, chainOf, newId } from '../support/chains.ts';
import { permissions, resources, synthesise } from './template.ts';

const template = synthesise();

describe('the sessions table', () => {
  it('costs nothing while nobody asks, and can be restored but not deleted', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      },
    });
  });

  it.each([
    ['byAgent', 'agentKey', 'startedAt', 'ALL'],
    ['byDay', 'day', 'startedAt', 'ALL'],
    ['open', 'open', 'due', 'KEYS_ONLY'],
  ])('has the index %s on %s and %s', (IndexName, partition, sort, ProjectionType) => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      GlobalSecondaryIndexes: Match.arrayWith([
        {
          IndexName,
          KeySchema: [
            { AttributeName: partition, KeyType: 'HASH' },
            { AttributeName: sort, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType },
        },
      ]),
    });
  });

  it('hands finished sessions to the archive, a bad one apart from the rest', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 10,
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"open":{"S":["unarchived"]}}}}' }] },
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });
});

describe('the archive', () => {
  const deny = (statement: object): void => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Principal: { AWS: '*' }, ...statement })]),
      },
    });
  };

  it('locks every object for the configured days, in compliance mode', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
  });

  it.each([1, 36_500])('takes a retention of %d days from the configuration', (archiveDays) => {
    const gateway = { ...bundle.gateway, retention: { archiveDays, liveDays: 30 } };
    synthesise(bundleSchema.parse({ ...bundle, gateway })).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: archiveDays } } },
    });
  });

  it('refuses a put that could replace something', () => {
    deny({ Sid: 'CreateOnly', Action: 's3:PutObject', Condition: { Null: { 's3:if-none-match': 'true' } } });
  });

  it('refuses deletion, by anyone', () => {
    deny({ Sid: 'NoDelete', Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'] });
  });
});

describe('the retention of a connection', () => {
  const withRetention = (retention: object) =>
    bundleSchema.parse({
      ...bundle,
      gateway: {
        ...bundle.gateway,
        connections: bundle.gateway.connections.map((one, index) => (index === 0 ? { ...one, retention } : one)),
      },
    });

  it('lengthens the lock of everything that is not a session, and never shortens it', () => {
    const days = (archiveDays: number): void => {
      synthesise(withRetention({ archiveDays })).hasResourceProperties('AWS::S3::Bucket', {
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: Math.max(400, archiveDays) } } },
      });
    };
    days(3_650);
    days(7);
  });
});

describe('digests', () => {
  it('are signed with a key that cannot leave KMS and stays when the stack goes', () => {
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    });
  });

  it('are looked after every ten minutes', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(10 minutes)' });
  });

  it('are copied to the anchor that the configuration names, and only created there', () => {
    const gateway = { ...bundle.gateway, anchor: { bucketArn: 'arn:aws:s3:::somebody-elses' } };
    const anchored = synthesise(bundleSchema.parse({ ...bundle, gateway }));
    anchored.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ANCHOR_BUCKET: 'somebody-elses' }) },
    });
    const given = permissions(anchored).filter(({ resource }) => resource.includes('somebody-elses'));
    expect(given.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      's3:PutObject arn:aws:s3:::somebody-elses/digests/*',
    ]);
  });
});

describe('the table of the archive in Athena', () => {
  it('reads sessions where they lie, one partition a day', () => {
    template.hasResourceProperties('AWS::Glue::Table', {
      TableInput: Match.objectLike({
        Name: 'events',
        PartitionKeys: [{ Name: 'day', Type: 'string' }],
        Parameters: Match.objectLike({
          'projection.day.format': 'yyyy/MM/dd',
          'storage.location.template': {
            'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('ArchiveBucket') }, '/sessions/${day}']],
          },
        }),
      }),
    });
  });

  it('has a column for every member of an event', () => {
    const [table] = resources(template, 'AWS::Glue::Table').values();
    const columns = z
      .object({
        TableInput: z.object({ StorageDescriptor: z.object({ Columns: z.array(z.object({ Name: z.string() })) }) }),
      })
      .parse(table?.Properties).TableInput.StorageDescriptor.Columns;
    const [event] = chainOf(newId(), [body.submitted()]);
    expect(columns.map(({ Name }) => Name).sort()).toEqual(Object.keys(event ?? {}).sort());
  });
});

describe('every bucket', () => {
  it('is encrypted with our key, versioned, private and kept', () => {
    const count = resources(template, 'AWS::S3::Bucket').size;
    expect(count).toBe(2);
    template.resourcePropertiesCountIs(
      'AWS::S3::Bucket',
      {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true },
          ],
        },
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      },
      count,
    );
  });

  it('and every queue answers over TLS only', () => {
    const insecure = Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    const tls = { PolicyDocument: { Statement: Match.arrayWith([insecure]) } };
    template.resourcePropertiesCountIs('AWS::S3::BucketPolicy', tls, resources(template, 'AWS::S3::Bucket').size);
    template.resourcePropertiesCountIs('AWS::SQS::QueuePolicy', tls, resources(template, 'AWS::SQS::Queue').size);
  });
});

describe('the key', () => {
  it('is rotated every year, and kept as long as what it encrypted', () => {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  });
});

describe('the sweep', () => {
  it('runs every minute and leaves a letter when it cannot', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Target: {
        DeadLetterConfig: { Arn: Match.anyValue() },
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 },
      },
    });
  });
});
