import { sha256Hex } from '../../../shared/platform/canonical.ts';
import type { Definition } from './definition.ts';
import type { Execution, Progress } from './execution.ts';
import type { Ledger } from './ledger.ts';
import { takeStep } from './steps.ts';
import type { Invoker } from './steps.ts';
import { LOST } from './task.ts';
import { end, progress } from './transition.ts';

export type Machine = {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  readonly definition: Definition;
};
export type Answer = Extract<Progress, { phase: 'answered' | 'failed' }>;

/**
 * Drives executions through their state machine. Every change is stored before the next step is taken, so a state is
 * started once: after a crash, a waiting execution waits on with the time it has left, and a function that was running
 * counts as failed, never as not yet started.
 */
export class Driver {
  private readonly driven = new Map<string, Promise<void>>();
  private readonly ledger: Ledger;
  private readonly lambda: Invoker;
  private closing = false;

  constructor(ledger: Ledger, lambda: Invoker) {
    this.ledger = ledger;
    this.lambda = lambda;
  }

  drive(machine: Machine, arn: string): void {
    if (this.driven.has(arn) || this.closing) return;
    const done = this.run(machine, arn).finally(() => this.driven.delete(arn));
    this.driven.set(arn, done);
  }

  /** Takes up what a run before this one left behind. */
  resume(machine: Machine): void {
    for (const execution of this.ledger.list()) {
      if (execution.status !== 'RUNNING' || execution.stateMachineArn !== machine.arn) continue;
      if (execution.state.progress.phase === 'invoking') this.ledger.apply(execution, progress(execution, LOST));
      this.drive(machine, execution.arn);
    }
  }

  private async run(machine: Machine, arn: string): Promise<void> {
    while (!this.closing) {
      const execution = this.ledger.get(arn);
      if (execution?.status !== 'RUNNING') return;
      const late = execution.deadline !== undefined && execution.deadline <= this.ledger.now();
      if (late) this.ledger.apply(execution, end('TIMED_OUT', this.ledger.now(), { error: 'States.Timeout' }));
      else await takeStep(this.ledger, this.lambda, machine.definition, execution);
    }
  }

  /** An answer by task token: stored when this returns. `false`: the execution no longer waits for this token. */
  answer(token: string, answer: Answer): boolean {
    const execution = this.waitingFor(token);
    if (execution === undefined) return false;
    this.ledger.apply(execution, progress(execution, answer));
    return true;
  }

  heartbeat(token: string, machines: ReadonlyMap<string, Machine>): boolean {
    const execution = this.waitingFor(token);
    if (execution === undefined) return false;
    const state = machines.get(execution.stateMachineArn)?.definition.States[execution.state.name];
    const seconds = state?.Type === 'Task' ? state.HeartbeatSeconds : undefined;
    if (seconds !== undefined) {
      this.ledger.apply(execution, {
        state: { ...execution.state, heartbeatDeadline: this.ledger.now() + seconds * 1000 },
      });
    }
    return true;
  }

  stop(execution: Execution, why: { error?: string; cause?: string }): number {
    const now = this.ledger.now();
    this.ledger.apply(execution, end('ABORTED', now, why));
    return now;
  }

  /** True for a token that was ours once: a late answer, as against one that was never handed out. */
  knows(token: string): boolean {
    const digest = sha256Hex(token);
    return this.ledger.list().some((execution) => execution.spentTokens.includes(digest));
  }

  private waitingFor(token: string): Execution | undefined {
    return this.ledger.list().find((execution) => {
      const at = execution.state.progress;
      const open = execution.status === 'RUNNING' && (at.phase === 'waiting' || at.phase === 'invoking');
      return open && at.token === token && !this.isLate(execution);
    });
  }

  /** The deadline counts from the clock, not from whether the timer has fired yet. */
  private isLate(execution: Execution): boolean {
    const { taskDeadline } = execution.state;
    return taskDeadline !== undefined && taskDeadline <= this.ledger.now();
  }

  /** Functions under way get a moment to end, so that Ctrl-C does not make a lost run of one that was nearly done. */
  async close(graceMilliseconds: number): Promise<void> {
    this.closing = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMilliseconds);
    });
    await Promise.race([Promise.allSettled(this.runningFunctions()), late]);
    clearTimeout(timer);
    this.ledger.abandon();
  }

  private runningFunctions(): Promise<void>[] {
    const invoking = (arn: string): boolean => this.ledger.get(arn)?.state.progress.phase === 'invoking';
    return [...this.driven].filter(([arn]) => invoking(arn)).map(([, done]) => done);
  }
}
