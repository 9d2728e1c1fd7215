import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { accept } from './accept.ts';
import { approvalDefinition, type ApprovalTasks } from './approval-definition.ts';

/** The longest that a policy may let a question wait is 24 h; one more for what comes after it. A backstop, never the rule. */
const LONGEST = Duration.hours(25);

/**
 * Asks people, waits, runs what they approved, tells everyone. A Standard workflow: it starts a state once.
 *
 * Its name is fixed, and so its ARN is known before it is made: it calls functions that must be able to wake it, which
 * by reference would be a circle that CloudFormation cannot deploy.
 */
export class ApprovalWorkflow extends Construct {
  readonly machine: StateMachine;
  readonly #arn: string;

  constructor(scope: Construct, tasks: ApprovalTasks, logDays: RetentionDays) {
    super(scope, 'Approval');
    const stack = Stack.of(this);
    const stateMachineName = `${stack.stackName}-approval`;
    this.#arn = stack.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: stateMachineName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.machine = new StateMachine(this, 'Workflow', {
      stateMachineName,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(approvalDefinition(this, tasks)),
      comment: 'One execution an approval, named by its session.',
      timeout: LONGEST,
      tracingEnabled: true,
      logs: { destination: this.#logs(stateMachineName, logDays), level: LogLevel.ERROR, includeExecutionData: false },
    });
    accept(this.machine, 'SF1', 'errors only: what went well is on record in the session, event by event');
  }

  /** Under `/aws/vendedlogs/`, or every deployment lengthens one resource policy of the account until it is full (5,120 characters). */
  #logs(name: string, retention: RetentionDays): LogGroup {
    return new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  grantStart(fn: LambdaFunction): void {
    this.#grant(fn, 'states:StartExecution');
  }

  /** Deliver what people decided. The token itself is the capability; IAM narrows it to this one workflow. */
  grantAnswer(fn: LambdaFunction): void {
    this.#grant(fn, 'states:SendTaskSuccess');
  }

  #grant(fn: LambdaFunction, action: string): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [this.#arn] }));
    fn.addEnvironment('WORKFLOW_ARN', this.#arn);
  }
}
