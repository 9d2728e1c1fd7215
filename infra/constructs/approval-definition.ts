import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  Pass,
  Result,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** The functions that do the work. Each gets the session's id; nothing secret and no statement is ever workflow state. */
export interface ApprovalTasks {
  /** `{session, taskToken}`. The votes' answer, `{outcome: 'approved' | 'denied' | 'cancelled' | …}`, comes back by the token. */
  readonly ask: IFunction;
  /** `{session}`. What it returns is not looked at: the record says how the run went. */
  readonly run: IFunction;
  /** `{session, outcome}`, `outcome` being the vote's or `expired` (nobody in time) or `failed` (asking or running broke). */
  readonly conclude: IFunction;
}

/** Longer than the functions themselves may take: Lambda's own timeout should be what speaks. */
const ASK_OR_CONCLUDE = Duration.seconds(45);
const RUN = Duration.seconds(90);

/** Transient errors of the Lambda service (Step Functions developer guide, "Handling transient Lambda service exceptions"). */
const LAMBDA_TROUBLE = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
] as const;

/**
 * Input `{session, timeoutSeconds}`. JSONPath only, and only Task, Choice and Pass: what the embedded runner can run,
 * so that the definition on a laptop is this one.
 *
 *     AskApprovers ── approved ──▶ RunApproved ──▶ ConcludeApproval
 *         │  └─────── any other vote ─────────────────▲  ▲
 *         ├── States.Timeout ──▶ Expired ─────────────┘  │
 *         └── anything else ───▶ Failed ◀── RunApproved's errors
 */
export function approvalDefinition(scope: Construct, tasks: ApprovalTasks): IChainable {
  const conclude = concludeApproval(scope, tasks.conclude);
  const expired = new Pass(scope, 'Expired', {
    result: Result.fromObject({ outcome: 'expired' }),
    resultPath: '$.vote',
  }).next(conclude);
  const failed = new Pass(scope, 'Failed', {
    result: Result.fromObject({ outcome: 'failed' }),
    resultPath: '$.vote',
  }).next(conclude);
  const run = runApproved(scope, tasks.run)
    .addCatch(failed, { errors: ['States.ALL'], resultPath: '$.error' })
    .next(conclude);
  const counted = new Choice(scope, 'Approved?')
    .when(
      Condition.and(Condition.isPresent('$.vote.outcome'), Condition.stringEquals('$.vote.outcome', 'approved')),
      run,
    )
    .when(Condition.isPresent('$.vote.outcome'), conclude)
    .otherwise(failed);
  return askApprovers(scope, tasks.ask)
    .addCatch(expired, { errors: ['States.Timeout'], resultPath: '$.error' })
    .addCatch(failed, { errors: ['States.ALL'], resultPath: '$.error' })
    .next(counted);
}

/** Waits for the votes, as long as the session's policy lets it: without a timeout a task token waits for a year. */
function askApprovers(scope: Construct, lambdaFunction: IFunction): LambdaInvoke {
  const task = new LambdaInvoke(scope, 'AskApprovers', {
    lambdaFunction,
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({ session: JsonPath.stringAt('$.session'), taskToken: JsonPath.taskToken }),
    taskTimeout: Timeout.at('$.timeoutSeconds'),
    retryOnServiceExceptions: false,
    resultPath: '$.vote',
  });
  // 2 + 4 + … + 64 s. Only what Lambda itself got wrong: a denial is not an error, and asking twice is.
  task.addRetry({ errors: [...LAMBDA_TROUBLE], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 6 });
  return task;
}

/**
 * At most one run. The one error that is tried again is a throttled call, which never reached the function: after any
 * other the statement may have run, and only the record can say.
 */
function runApproved(scope: Construct, lambdaFunction: IFunction): LambdaInvoke {
  const task = new LambdaInvoke(scope, 'RunApproved', {
    lambdaFunction,
    payload: TaskInput.fromObject({ session: JsonPath.stringAt('$.session') }),
    taskTimeout: Timeout.duration(RUN),
    retryOnServiceExceptions: false,
    resultPath: JsonPath.DISCARD,
  });
  task.addRetry({
    errors: ['Lambda.TooManyRequestsException'],
    interval: Duration.seconds(1),
    backoffRate: 2,
    maxAttempts: 5,
  });
  return task;
}

/** Safe to repeat, so it is tried for about five minutes; what still fails then is found by the sweep. */
function concludeApproval(scope: Construct, lambdaFunction: IFunction): LambdaInvoke {
  const task = new LambdaInvoke(scope, 'ConcludeApproval', {
    lambdaFunction,
    payload: TaskInput.fromObject({
      session: JsonPath.stringAt('$.session'),
      outcome: JsonPath.stringAt('$.vote.outcome'),
    }),
    taskTimeout: Timeout.duration(ASK_OR_CONCLUDE),
    retryOnServiceExceptions: false,
    resultPath: JsonPath.DISCARD,
  });
  // 2 + 4 + 8 + … + 128 s, and the calls themselves.
  task.addRetry({ errors: ['States.ALL'], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 7 });
  return task;
}
