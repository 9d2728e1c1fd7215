import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/settings.ts';
import { functions, reachesTargets, type FunctionName, type FunctionSpec } from '../functions.ts';
import { functionCode } from './bundling.ts';
import { Network } from './network.ts';

export interface GatewayFunctionProps {
  readonly spec: FunctionSpec;
  readonly logDays: RetentionDays;
  /** Keep and bound the concurrency that the table names. */
  readonly reserveConcurrency: boolean;
  /** Where it runs when it reaches targets; absent: outside any VPC. */
  readonly network?: Network | undefined;
}

/** One Lambda function with a role and a log group of its own. What more it may do is granted by the other constructs. */
export class GatewayFunction extends LambdaFunction {
  readonly spec: FunctionSpec;
  /** Concurrency is kept for it. */
  readonly keeps: boolean;

  constructor(scope: Construct, name: string, { spec, logDays, reserveConcurrency, network }: GatewayFunctionProps) {
    const own = new Construct(scope, `${name}-parts`);
    const logGroup = new LogGroup(own, 'Logs', { retention: logDays, removalPolicy: RemovalPolicy.DESTROY });
    // Not the managed policy AWSLambdaBasicExecutionRole: that one may write to every log group of the account.
    const role = new Role(own, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Countersign: ${name}`,
    });
    logGroup.grantWrite(role);
    const inVpc = reachesTargets(spec) ? network : undefined;
    inVpc?.grantInterfaces(role);
    const reserved = reserveConcurrency ? spec.reservedConcurrency : undefined;
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
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
      ...inVpc?.placement,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: name,
        // Two gateways in one account are two, also in their numbers.
        POWERTOOLS_METRICS_NAMESPACE: Stack.of(scope).stackName,
      },
    });
    this.spec = spec;
    this.keeps = reserved !== undefined;
    // Tells whoever runs this template somewhere else (the embedded stack does) which source file the function is.
    if (this.node.defaultChild instanceof CfnResource) {
      this.node.defaultChild.addMetadata('countersign', { entry: `functions/${name}/index.ts` });
    }
  }
}

/** Every function of the table, and a way to one by its name. */
export function gatewayFunctions(scope: Construct, { vpc, logDays, reserveConcurrency }: Deployment) {
  const network = vpc === undefined ? undefined : new Network(scope, vpc);
  const made = new Map(
    Object.entries<FunctionSpec>(functions).map(([name, spec]) => [
      name,
      new GatewayFunction(scope, name, { spec, logDays, reserveConcurrency, network }),
    ]),
  );
  const fn = (name: FunctionName): GatewayFunction => {
    const found = made.get(name);
    if (found === undefined) throw new Error(`infra/functions.ts: no function ${name}`);
    return found;
  };
  return { all: [...made.values()], fn };
}
