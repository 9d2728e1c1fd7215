import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passesFilter } from '../../infra/local/stream/filter.ts';
import { identifiersOf } from '../../infra/local/template/identifiers.ts';
import { planOf } from '../../infra/local/template/plan.ts';
import { parseSchedule } from '../../infra/local/template/rate.ts';
import { resolve } from '../../infra/local/template/resolve.ts';
import { templateSchema } from '../../infra/local/template/template.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

const resources = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': ['NotHere', 'Arn'] } },
    },
  },
  Fn: {
    Type: 'AWS::Lambda::Function',
    Properties: { Timeout: 29, MemorySize: 512, Environment: { Variables: { TABLE: { Ref: 'Table' } } } },
    Metadata: { countersign: { entry: 'functions/execute/index.ts' } },
  },
  Helper: { Type: 'AWS::Lambda::Function', Properties: {} },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['Fn', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      RouteKey: 'POST /v1/execute',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      FunctionName: { Ref: 'Fn' },
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"open":{"S":["unarchived"]}}}}' }] },
    },
  },
  Every: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: { ScheduleExpression: 'rate(1 minute)', Target: { Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] } } },
  },
  Role: { Type: 'AWS::IAM::Role', Properties: {} },
};

const template = (changes: Record<string, unknown> = {}) =>
  templateSchema.parse({ Resources: { ...resources, ...changes } });
const worked = (value: JsonValue) => resolve(value, identifiersOf(template()));

describe('resolving a template', () => {
  test.each<[string, JsonValue, JsonValue]>([
    ['Ref', { Ref: 'Table' }, 'Countersign-Table'],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Fn', 'Arn'] }, 'arn:aws:lambda:us-east-1:000000000000:function:execute'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Fn.Arn' }, 'arn:aws:lambda:us-east-1:000000000000:function:execute'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Table' }, 1]] }, 'a-Countersign-Table-1'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${AWS::AccountId}/${Table}/${Fn.Arn}/${!Left}' },
      '000000000000/Countersign-Table/arn:aws:lambda:us-east-1:000000000000:function:execute/${Left}',
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${x}!', { x: { Ref: 'Table' } }] }, 'Countersign-Table!'],
    [
      'Fn::Select of Fn::Split',
      { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Table', 'Arn'] }] }] },
      'table/Countersign-Table',
    ],
    ['nested values', { a: [{ Ref: 'Table' }, 1, null] }, { a: ['Countersign-Table', 1, null] }],
    ['an object that only looks like one', { Ref: 'Table', and: 1 }, { Ref: 'Table', and: 1 }],
  ])('%s', (_title, value, expected) => {
    expect(worked(value)).toEqual(expected);
  });

  test.each<[string, JsonValue, string]>([
    ['an intrinsic function that is not known', { 'Fn::ImportValue': 'x' }, 'does not work out Fn::ImportValue'],
    ['a resource that is not there', { Ref: 'Nobody' }, 'refers to Nobody'],
    ['an attribute that is not known', { 'Fn::GetAtt': ['Table', 'Colour'] }, 'attribute Colour of Table'],
    ['a join of what is no text', { 'Fn::Join': ['', [{ a: 1 }]] }, 'text was expected'],
    ['an element beyond the end', { 'Fn::Select': [3, ['a']] }, 'no element 3'],
  ])('%s is an error that names it', (_title, value, message) => {
    expect(() => worked(value)).toThrow(message);
  });

  test('values without intrinsic functions come out as they went in', () => {
    const plain = fc.jsonValue().filter((value) => !/"(Ref|Fn::[^"]*|__proto__)":/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        expect(worked(value as JsonValue)).toEqual(value);
      }),
    );
  });
});

describe('the plan of a template', () => {
  test('has everything that is made here, with references worked out, and lists the rest', () => {
    const plan = planOf(template(), '/project');
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:execute';
    expect(plan.functions).toEqual([
      {
        name: 'execute',
        arn,
        entry: '/project/functions/execute/index.ts',
        timeoutSeconds: 29,
        memoryMegabytes: 512,
        environment: { TABLE: 'Countersign-Table' },
      },
    ]);
    expect(plan.routes).toEqual([{ routeKey: 'POST /v1/execute', functionArn: arn, timeoutSeconds: 30 }]);
    expect(plan.schedules).toEqual([{ name: 'Every', everySeconds: 60, functionArn: arn, input: undefined }]);
    expect(plan.streams).toMatchObject([
      { tableName: 'Countersign-Table', functionArn: arn, MaximumRetryAttempts: -1 },
    ]);
    expect([...plan.notEmulated]).toEqual([['AWS::IAM::Role', 1]]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'an authorizer',
      {
        Route: {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: { RouteKey: 'GET /', Target: 'integrations/Integration', AuthorizationType: 'JWT' },
        },
      },
      'no authorizers',
    ],
    [
      'a calendar schedule',
      {
        Every: {
          Type: 'AWS::Scheduler::Schedule',
          Properties: { ScheduleExpression: 'cron(0 0 * * ? *)', Target: { Arn: 'a' } },
        },
      },
      'rate(…) only',
    ],
    [
      'a filter beyond equality',
      {
        Mapping: {
          ...resources.Mapping,
          Properties: {
            ...resources.Mapping.Properties,
            FilterCriteria: { Filters: [{ Pattern: '{"a":[{"prefix":"x"}]}' }] },
          },
        },
      },
      'only equality',
    ],
    [
      'a stream of a table that is not there',
      {
        Mapping: { ...resources.Mapping, Properties: { ...resources.Mapping.Properties, EventSourceArn: 'arn:other' } },
      },
      'not both in the template',
    ],
    [
      'an Express workflow',
      {
        M: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: { DefinitionString: '{}', StateMachineType: 'EXPRESS' },
        },
      },
      'only Standard',
    ],
  ])('refuses %s', (_title, changes, message) => {
    expect(() => planOf(template(changes), '/project')).toThrow(message);
  });
});

test.each([
  ['rate(1 minute)', 60],
  ['rate(5 minutes)', 300],
  ['rate(2 hours)', 7_200],
])('%s is every %d seconds', (expression, seconds) => {
  expect(parseSchedule(expression)).toBe(seconds);
});

test.each<[string, JsonValue, JsonValue, boolean]>([
  ['the value is there', { a: { b: ['x', 'y'] } }, { a: { b: 'y', c: 1 } }, true],
  ['the value is another', { a: ['x'] }, { a: 'z' }, false],
  ['the member is missing', { a: { b: ['x'] } }, {}, false],
  ['null is a value', { a: [null] }, { a: null }, true],
  ['null is not absence', { a: [null] }, {}, false],
  ['every member must match', { a: [1], b: [2] }, { a: 1, b: 3 }, false],
])('a stream filter passes a record only where %s', (_title, pattern, event, expected) => {
  expect(passesFilter(pattern, event)).toBe(expected);
});
