import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { alarms, type AlarmSpec } from '../alarms.ts';
import type { Deployment } from '../deployment/settings.ts';
import { GatewayDashboard } from './dashboard.ts';
import { watched, type Watched, type WatchedParts } from './watched.ts';

/** Somebody hears of it: the alarms of the table, a topic that they ring, and a dashboard to look at. */
export class Watching extends Construct {
  constructor(scope: Construct, key: Key, parts: WatchedParts, { alarms: settings }: Deployment) {
    super(scope, 'Watching');
    const topic = this.#topic(key, settings);
    for (const [name, spec] of Object.entries<AlarmSpec>(alarms)) {
      const period = Duration.minutes(spec.periodMinutes);
      for (const one of watched(Stack.of(this), parts, spec.of, period))
        this.#alarm(name, spec, one, settings.runbook, topic);
    }
    new GatewayDashboard(this, parts);
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }

  #alarm(name: string, spec: AlarmSpec, { about, metric }: Watched, runbook: string, topic: ITopic): void {
    const id = about === '' ? name : `${name}-${about}`;
    const alarm = new Alarm(this, id, {
      alarmName: `${Stack.of(this).stackName}-${id}`,
      alarmDescription: `${spec.says} What to do: ${runbook}#alarm-${name}`,
      metric,
      threshold: spec.threshold,
      evaluationPeriods: spec.periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: spec.silence === 'alarming' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }

  #topic(key: Key, { topicArn, email }: Deployment['alarms']): ITopic {
    if (topicArn !== undefined) return Topic.fromTopicArn(this, 'Topic', topicArn);
    const topic = new Topic(this, 'Topic', { displayName: 'Countersign', masterKey: key, enforceSSL: true });
    // CloudWatch publishes by itself, so the key must let it; AWS's own key for SNS cannot be told to (SNS developer guide, "Encryption at rest").
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}
