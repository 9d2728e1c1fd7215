import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import * as z from 'zod';
import type { Deployment } from '../deployment/settings.ts';
import { accept } from './accept.ts';
import { OwnDomain } from './own-domain.ts';

/**
 * Written out, so that nothing enters by a default: no header, no query string (it may carry a search text) and no
 * path, but the route. Tokens travel in headers only.
 */
export const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  protocol: '$context.protocol',
  bytes: '$context.responseLength',
  millis: '$context.responseLatency',
  integrationMillis: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
};

const methodSchema = z.enum(HttpMethod);

/** The front door. Functions authenticate by themselves: an authoriser here could not judge what is asked for. */
export class GatewayApi extends Construct {
  readonly api: HttpApi;
  readonly url: string;

  constructor(scope: Construct, { throttle, domain, logDays }: Deployment) {
    super(scope, 'Api');
    const own = domain === undefined ? undefined : new OwnDomain(this, domain);
    this.api = new HttpApi(this, 'Http', {
      description: 'Countersign',
      createDefaultStage: false,
      // With a name of one's own the other one would be a way around whatever stands in front of it.
      disableExecuteApiEndpoint: own !== undefined,
    });
    // Under `/aws/vendedlogs/` for the reason given at the workflow's logs.
    const logGroup = new LogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/vendedlogs/http/${Stack.of(this).stackName}`,
      retention: logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
      ...(own === undefined ? {} : { domainMapping: { domainName: own.name } }),
    });
    accept(
      this.api,
      'APIG4',
      'functions authenticate: an authoriser could not judge what is asked for, and Slack signs its calls',
    );
    this.url = own === undefined ? stage.url : `https://${own.name.name}/`;
  }

  /** `routes` are `METHOD /path`, with `{id}` for what varies. */
  route(fn: LambdaFunction, routes: readonly string[]): void {
    const integration = new HttpLambdaIntegration(`${fn.node.id}-integration`, fn, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
    for (const route of routes) {
      const [method, path = ''] = route.split(' ');
      this.api.addRoutes({ path, methods: [methodSchema.parse(method)], integration });
    }
  }
}
