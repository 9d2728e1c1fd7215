import { basename, dirname } from 'node:path';
import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { isObject } from '../lambda/json.ts';
import { account, defaultRegion } from '../services/service.ts';
import { StartFailure } from '../start-failure.ts';
import type { Resource, Template } from './template.ts';

const STACK = 'Countersign';

/** Pseudo parameters (CloudFormation user guide). The account and region are those of all embedded services. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Region': defaultRegion,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': STACK,
  'AWS::StackId': `arn:aws:cloudformation:${defaultRegion}:${account}:stack/${STACK}/embedded`,
};

const arn = (service: string, rest: string): string => `arn:aws:${service}:${defaultRegion}:${account}:${rest}`;

type Identity = { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };

/**
 * What `Ref` and `Fn::GetAtt` of a resource give here, one row a type. Names derive from the logical id, so that they
 * stay the same over restarts; where CloudFormation would add random letters there are none.
 */
const IDENTITIES: Readonly<Record<string, (id: string, resource: Resource) => Identity>> = {
  'AWS::DynamoDB::Table': (id, resource) => {
    const name = given(resource, 'TableName') ?? `${STACK}-${id}`;
    const table = arn('dynamodb', `table/${name}`);
    return { ref: name, attributes: { Arn: table, StreamArn: `${table}/stream/embedded` } };
  },
  'AWS::S3::Bucket': (id, resource) => {
    const name = given(resource, 'BucketName') ?? `${STACK}-${id}`.toLowerCase().slice(0, 63);
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },
  'AWS::Lambda::Function': (id, resource) => {
    const name = given(resource, 'FunctionName') ?? functionName(id, resource);
    return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
  },
  'AWS::StepFunctions::StateMachine': (id, resource) => {
    const name = given(resource, 'StateMachineName') ?? id;
    const machine = arn('states', `stateMachine:${name}`);
    return { ref: machine, attributes: { Arn: machine, Name: name } };
  },
  'AWS::KMS::Key': (id) => ({ ref: id, attributes: { Arn: arn('kms', `key/${id}`), KeyId: id } }),
  'AWS::SecretsManager::Secret': (id, resource) => {
    const secret = arn('secretsmanager', `secret:${given(resource, 'Name') ?? id}`);
    return { ref: secret, attributes: { Id: secret } };
  },
  'AWS::SQS::Queue': (id) => ({
    ref: `https://sqs.${defaultRegion}.amazonaws.com/${account}/${id}`,
    attributes: { Arn: arn('sqs', id), QueueName: id },
  }),
  'AWS::IAM::Role': (id) => ({ ref: id, attributes: { Arn: `arn:aws:iam::${account}:role/${id}` } }),
  'AWS::Logs::LogGroup': (id) => ({ ref: id, attributes: { Arn: arn('logs', `log-group:${id}:*`) } }),
  'AWS::ApiGatewayV2::Api': () => ({ ref: 'embedded', attributes: { ApiId: 'embedded' } }),
  'AWS::ApiGatewayV2::Integration': (id) => ({ ref: id, attributes: {} }),
};

function given(resource: Resource, property: string): string | undefined {
  const value = resource.Properties[property];
  return typeof value === 'string' ? value : undefined;
}

/** The folder in functions/, which is what people call it; CDK's name for what has no entry of ours. */
function functionName(id: string, resource: Resource): string {
  const entry = entryOf(resource);
  return entry === undefined ? id : basename(dirname(entry));
}

/** Source file of a function, from the metadata that the stack puts there; `undefined` for CDK's own helpers. */
export function entryOf(resource: Resource): string | undefined {
  const mark: JsonValue | undefined = resource.Metadata['countersign'];
  const entry = isObject(mark) ? mark['entry'] : undefined;
  return typeof entry === 'string' ? entry : undefined;
}

export type Identifiers = { ref(name: string): JsonValue; attribute(id: string, name: string): JsonValue };

/** Everything unknown is an error that names it: a guessed value would deploy something that AWS would not. */
export function identifiersOf(template: Template): Identifiers {
  const identity = (id: string): Identity => {
    const resource = template.Resources[id];
    if (resource === undefined) throw new StartFailure(`the template refers to ${id}, which is no resource of it`);
    const make = IDENTITIES[resource.Type];
    if (make === undefined)
      throw new StartFailure(`the template refers to ${id}, and the embedded stack has no ${resource.Type}`);
    return make(id, resource);
  };
  return {
    ref: (name) => PSEUDO[name] ?? template.Parameters[name]?.Default ?? identity(name).ref,
    attribute: (id, name) => {
      const value = identity(id).attributes[name];
      if (value === undefined)
        throw new StartFailure(
          `the embedded stack does not know attribute ${name} of ${id} (${template.Resources[id]?.Type ?? '?'})`,
        );
      return value;
    },
  };
}
