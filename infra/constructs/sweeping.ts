import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters.ts';

/** Looks every minute for what was left behind. A missed run is not made up for: the next finds the same work. */
export class Sweeping extends Construct {
  readonly failed: DeadLetters;

  constructor(scope: Construct, fn: LambdaFunction) {
    super(scope, 'Sweeping');
    this.failed = new DeadLetters(this, 'Failed');
    new Schedule(this, 'EveryMinute', {
      description: 'Countersign: sweep-sessions',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(fn, {
        deadLetterQueue: this.failed,
        retryAttempts: 2,
        maxEventAge: Duration.minutes(1),
      }),
    });
  }
}
