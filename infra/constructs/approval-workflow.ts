import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { approvalDefinition, type ApprovalTasks } from './approval-definition.ts';
import { LOG_RETENTION } from './gateway-function.ts';

/** The longest that a policy may let a question wait is 24 h; one more for what comes after it. A backstop, never the rule. */
const LONGEST = Duration.hours(25);

/** Asks people, waits, runs what they approved, tells everyone. A Standard workflow: it starts a state once. */
export class ApprovalWorkflow extends Construct {
  readonly #machine: StateMachine;

  constructor(scope: Construct, tasks: ApprovalTasks) {
    super(scope, 'Approval');
    this.#machine = new StateMachine(this, 'Workflow', {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(approvalDefinition(this, tasks)),
      comment: 'One execution an approval, named by its session.',
      timeout: LONGEST,
      tracingEnabled: true,
      logs: { destination: this.#logs(), level: LogLevel.ERROR, includeExecutionData: false },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** Under `/aws/vendedlogs/`, or every deployment lengthens one resource policy of the account until it is full (5,120 characters). */
  #logs(): LogGroup {
    const logGroupName = `/aws/vendedlogs/states/${Stack.of(this).stackName}-approval`;
    return new LogGroup(this, 'Logs', { logGroupName, retention: LOG_RETENTION, removalPolicy: RemovalPolicy.DESTROY });
  }

  grantStart(fn: LambdaFunction): void {
    this.#grant(fn, ['states:StartExecution']);
  }

  /** Deliver what people decided. The token itself is the capability; IAM narrows it to this one workflow. */
  grantAnswer(fn: LambdaFunction): void {
    this.#grant(fn, ['states:SendTaskSuccess', 'states:SendTaskFailure']);
  }

  #grant(fn: LambdaFunction, actions: string[]): void {
    fn.addToRolePolicy(new PolicyStatement({ actions, resources: [this.#machine.stateMachineArn] }));
    fn.addEnvironment('WORKFLOW_ARN', this.#machine.stateMachineArn);
  }
}
