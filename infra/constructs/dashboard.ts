import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS, type MetricName } from '../../shared/contracts/metrics.ts';
import { ownMetric, type WatchedParts } from './watched.ts';

const PERIOD = Duration.minutes(5);
/** Of twelve, three in a row. */
const SIZE = { width: 8, height: 6 };

/** Which metrics stand together, in the order in which somebody who was woken asks. Every metric of the table is in one. */
export const PANELS: Readonly<Record<string, readonly MetricName[]>> = {
  'What agents ask': ['Requests', 'Blocked', 'Asked', 'BrokenGlass', 'CallersRefused'],
  'What people answer': ['Approved', 'Denied', 'Expired', 'Cancelled', 'Unannounced'],
  'How it ends': ['Succeeded', 'Failed', 'UnknownOutcomes'],
  'What goes wrong': ['Errors', 'ConfigurationFaults', 'OutcomesNotRecorded'],
  'How long it takes': ['DecisionTime', 'TargetTime'],
  'How long people take': ['ApprovalLatency'],
  'How far the record is behind': ['ArchiveLag', 'DigestAge'],
};

/** Counts are added up; of times the median and the slow end are shown, for a mean hides both. */
function seriesOf(stack: Stack, name: MetricName): IMetric[] {
  const { unit } = METRICS[name];
  const statistics = unit === 'Count' ? ['Sum'] : unit === 'Seconds' ? ['Maximum'] : ['p50', 'p99'];
  return statistics.map((statistic) =>
    ownMetric(stack, name, statistic, PERIOD).with({ label: unit === 'Count' ? name : `${name} ${statistic}` }),
  );
}

export class GatewayDashboard extends Construct {
  constructor(scope: Construct, parts: WatchedParts) {
    super(scope, 'Dashboard');
    const stack = Stack.of(this);
    const own = Object.entries(PANELS).map(
      ([title, names]) =>
        new GraphWidget({ title, ...SIZE, left: names.flatMap((name) => seriesOf(stack, name)), liveData: true }),
    );
    const functions = (title: string, left: IMetric[]) => new GraphWidget({ title, ...SIZE, left });
    new Dashboard(this, 'Dashboard', {
      dashboardName: stack.stackName,
      defaultInterval: Duration.hours(12),
      widgets: [
        [
          new TextWidget({
            markdown: '# Countersign\nWhat each number is: `shared/contracts/metrics.ts`.',
            width: 24,
            height: 2,
          }),
        ],
        own,
        [
          functions(
            'Functions: duration p99',
            parts.functions.map((fn) => fn.metricDuration({ statistic: 'p99' })),
          ),
          functions(
            'Functions: at once',
            parts.functions.map((fn) => fn.metric('ConcurrentExecutions', { statistic: 'Maximum' })),
          ),
        ],
      ],
    });
  }
}
