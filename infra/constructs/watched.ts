import type { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { METRIC_SERVICE, type MetricName } from '../../shared/contracts/metrics.ts';
import type { AlarmSource } from '../alarms.ts';
import type { ApprovalWorkflow } from './approval-workflow.ts';
import type { GatewayFunction } from './gateway-function.ts';
import type { GatewayApi } from './http-api.ts';
import type { Sessions } from './sessions.ts';

/** The parts of the stack that AWS writes metrics about. */
export interface WatchedParts {
  readonly api: GatewayApi;
  readonly functions: readonly GatewayFunction[];
  readonly sessions: Sessions;
  readonly workflow: ApprovalWorkflow;
  /** What is repeated until it fails for good, and where it then goes. */
  readonly background: readonly { readonly failed: Queue }[];
}

/** A metric, and which part it is about where one kind of alarm is made for several. */
export interface Watched {
  readonly about: string;
  readonly metric: IMetric;
}

/** A metric that the functions write themselves (`shared/contracts/metrics.ts`). The namespace is the stack's name. */
export const ownMetric = (stack: Stack, metricName: MetricName, statistic: string, period: Duration): Metric =>
  new Metric({
    namespace: stack.stackName,
    metricName,
    dimensionsMap: { service: METRIC_SERVICE },
    statistic,
    period,
  });

/** What an alarm looks at: one metric or, where it is made for each part of a kind, several. */
export function watched(stack: Stack, parts: WatchedParts, source: AlarmSource, period: Duration): readonly Watched[] {
  if ('own' in source) return [{ about: '', metric: ownMetric(stack, source.own, source.statistic, period) }];
  if ('functions' in source) return ofFunctions(parts.functions, source.functions, period);
  switch (source.aws) {
    case 'dead-letters':
      return parts.background.map(({ failed: queue }) => ({
        about: queue.node.path.split('/').slice(-2).join('-').toLowerCase(),
        metric: queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      }));
    case 'workflow-failed':
      return [{ about: '', metric: failures(parts.workflow.machine, period) }];
    case 'api-5xx':
      return [{ about: '', metric: parts.api.api.metricServerError({ period, statistic: 'Sum' }) }];
    case 'table-throttled':
      return [{ about: '', metric: throttles(parts.sessions.table, period) }];
  }
}

/** Throttling only where concurrency is kept: elsewhere it is the account's limit, and not this stack's to say. */
function ofFunctions(functions: readonly GatewayFunction[], what: 'errors' | 'throttles', period: Duration): Watched[] {
  const looked = what === 'errors' ? functions : functions.filter(({ keeps }) => keeps);
  return looked.map((fn) => ({
    about: fn.node.id,
    metric: what === 'errors' ? fn.metricErrors({ period }) : fn.metricThrottles({ period }),
  }));
}

const failures = (machine: StateMachine, period: Duration): IMetric =>
  new MathExpression({
    expression: 'failed + aborted + late',
    usingMetrics: {
      failed: machine.metricFailed({ period }),
      aborted: machine.metricAborted({ period }),
      late: machine.metricTimedOut({ period }),
    },
    period,
  });

function throttles(table: Table, period: Duration): IMetric {
  const of = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: table.tableName },
      statistic: 'Sum',
      period,
    });
  return new MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: { reads: of('ReadThrottleEvents'), writes: of('WriteThrottleEvents') },
    period,
  });
}
