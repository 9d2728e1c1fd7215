import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters.ts';

/**
 * Digests are of whole hours. Every ten minutes somebody looks whether one is due, so an hour is signed within ten
 * minutes of its end whenever the schedule began, and a run that failed is made up for by the next.
 */
export class Digesting extends Construct {
  readonly failed: DeadLetters;

  constructor(scope: Construct, fn: LambdaFunction) {
    super(scope, 'Digesting');
    this.failed = new DeadLetters(this, 'Failed');
    new Schedule(this, 'EveryTenMinutes', {
      description: 'Countersign: write-digest',
      schedule: ScheduleExpression.rate(Duration.minutes(10)),
      target: new LambdaInvoke(fn, {
        deadLetterQueue: this.failed,
        retryAttempts: 2,
        maxEventAge: Duration.minutes(10),
      }),
    });
  }
}
