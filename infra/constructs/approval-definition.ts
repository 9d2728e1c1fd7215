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
  /** `{session, taskToken, moment, attempt}`. The votes' answer, `{outcome: 'approved' | 'denied' | 'cancelled' | …}`, comes back by the token. */
  readonly ask: IFunction;
  /** `{session}`. What it returns is not looked at: the record says how the run went. */
  readonly run: IFunction;
  /** `{session, outcome}`, `outcome` being the vote's, `expired` (nobody in time), `failed` (asking or running broke) or `not_asked`. */
  readonly conclude: IFunction;
}

/** Longer than the functions themselves may take: Lambda's own timeout should be what speaks. */
const ASK_OR_CONCLUDE = Duration.seconds(45);
const RUN = Duration.seconds(90);

/**
 * Input `{session, waits: {first: {seconds, moment}, second?, third?, fourth?}}`; without `waits` nobody is asked, and
 * whom a broken glass skipped is told. JSONPath only, and only Task, Choice and Pass: what the embedded runner can run,
 * so that the definition on a laptop is this one. The waits are written out: a loop would need the list as state.
 *
 *     Asked? ── no waits ──▶ NotAsked ──────────────────────────────▶ ConcludeApproval
 *       ▼
 *     AskApprovers ── approved ──▶ RunApproved ──────────────────────▶ ConcludeApproval
 *       │  │  └────── any other vote ───────────────────────────────────▲  ▲
 *       │  └── States.Timeout ──▶ Second? ──▶ RemindOnce ──▶ Third? ──▶ … ──▶ Expired
 *       └── anything else ──▶ Failed ◀── RunApproved's errors
 */
export function approvalDefinition(scope: Construct, tasks: ApprovalTasks): IChainable {
  const conclude = concludeApproval(scope, tasks.conclude);
  const arrive = (name: string, outcome: string) =>
    new Pass(scope, name, { result: Result.fromObject({ outcome }), resultPath: '$.vote' }).next(conclude);
  const failed = arrive('Failed', 'failed');
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
  const asking = waits(scope, tasks.ask, { expired: arrive('Expired', 'expired'), failed, counted });
  return new Choice(scope, 'Asked?')
    .when(Condition.isPresent('$.waits.first.seconds'), asking)
    .otherwise(arrive('NotAsked', 'not_asked'));
}

interface Ways {
  readonly expired: IChainable;
  readonly failed: IChainable;
  readonly counted: IChainable;
}

/** The waits after the first, each preceded by the question whether this session has it. */
const REMINDERS = [
  ['Second?', 'second', 'RemindOnce'],
  ['Third?', 'third', 'RemindTwice'],
  ['Fourth?', 'fourth', 'RemindLast'],
] as const;

/** From the last wait back to the first, for each leads to the one after it when its time is up. */
function waits(scope: Construct, ask: IFunction, ways: Ways): IChainable {
  const later = REMINDERS.toReversed().reduce<IChainable>(
    (next, [question, wait, task]) =>
      new Choice(scope, question)
        .when(Condition.isPresent(`$.waits.${wait}.seconds`), waitForVotes(scope, ask, task, wait, { ...ways, next }))
        .otherwise(ways.expired),
    ways.expired,
  );
  return waitForVotes(scope, ask, 'AskApprovers', 'first', { ...ways, next: later });
}

/** Waits for the votes, as long as the session's policy lets it: without a timeout a task token waits for a year. */
function waitForVotes(
  scope: Construct,
  lambdaFunction: IFunction,
  name: string,
  wait: string,
  { next, failed, counted }: Ways & { readonly next: IChainable },
): IChainable {
  const task = new LambdaInvoke(scope, name, {
    lambdaFunction,
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({
      session: JsonPath.stringAt('$.session'),
      moment: JsonPath.numberAt(`$.waits.${wait}.moment`),
      attempt: JsonPath.numberAt('$$.State.RetryCount'),
      taskToken: JsonPath.taskToken,
    }),
    taskTimeout: Timeout.at(`$.waits.${wait}.seconds`),
    retryOnServiceExceptions: false,
    resultPath: '$.vote',
  });
  // Any failure but the end of the time: what the function does may be repeated, and a question must not be lost to a
  // crash or an outage. 2 + 4 + … + 32 s, then every minute, for about an hour; the sweep ends what has expired by then.
  task.addRetry({
    errors: ['States.TaskFailed'],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxDelay: Duration.seconds(60),
    maxAttempts: 60,
  });
  return task
    .addCatch(next, { errors: ['States.Timeout'], resultPath: '$.error' })
    .addCatch(failed, { errors: ['States.ALL'], resultPath: '$.error' })
    .next(counted);
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
