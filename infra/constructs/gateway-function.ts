import { CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionSpec } from '../functions.ts';
import { functionCode } from './bundling.ts';

/** Long enough for an incident to be noticed and looked into. Logs are no record: that is the archive. */
export const LOG_RETENTION = RetentionDays.THREE_MONTHS;

/** One Lambda function with a role and a log group of its own. What more it may do is granted by the other constructs. */
export class GatewayFunction extends LambdaFunction {
  readonly spec: FunctionSpec;

  constructor(scope: Construct, name: string, spec: FunctionSpec) {
    const own = new Construct(scope, `${name}-parts`);
    const logGroup = new LogGroup(own, 'Logs', { retention: LOG_RETENTION, removalPolicy: RemovalPolicy.DESTROY });
    // Not the managed policy AWSLambdaBasicExecutionRole: that one may write to every log group of the account.
    const role = new Role(own, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Countersign: ${name}`,
    });
    logGroup.grantWrite(role);
    super(scope, name, {
      description: spec.does,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode(name),
      timeout: Duration.seconds(spec.timeoutSeconds),
      memorySize: spec.memoryMb,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      environment: { NODE_OPTIONS: '--enable-source-maps', POWERTOOLS_SERVICE_NAME: name },
    });
    this.spec = spec;
    // Tells whoever runs this template somewhere else (the embedded stack does) which source file the function is.
    if (this.node.defaultChild instanceof CfnResource) {
      this.node.defaultChild.addMetadata('countersign', { entry: `functions/${name}/index.ts` });
    }
  }
}
