import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { asInterface } from './cdk-types.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Sessions } from './sessions.ts';

/**
 * Finished sessions flow from the table's stream to the archive within a second or so. One that cannot be archived
 * is set aside and does not hold up those behind it; the sweep finds it again, since the table still calls it unarchived.
 */
export class Archiving extends Construct {
  readonly failed: DeadLetters;

  constructor(scope: Construct, sessions: Sessions, fn: LambdaFunction) {
    super(scope, 'Archiving');
    this.failed = new DeadLetters(this, 'Failed');
    fn.addEventSource(
      new DynamoEventSource(asInterface(sessions.table), {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 10,
        filters: [FilterCriteria.filter({ dynamodb: { NewImage: { open: { S: ['unarchived'] } } } })],
        // The function answers which one failed, so that those before it are not delivered again.
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 10,
        maxRecordAge: Duration.hours(12),
        onFailure: new SqsDlq(this.failed),
      }),
    );
  }
}
