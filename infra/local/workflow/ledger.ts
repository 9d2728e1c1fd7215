import type { Clock } from '../../../shared/platform/clock.ts';
import { Alarm } from './alarm.ts';
import type { Execution, ExecutionStore } from './execution.ts';
import { spendToken } from './transition.ts';
import type { Change } from './transition.ts';

/** Executions as they stand, and the way to change one: stored first, then whoever sleeps over it is woken. */
export class Ledger {
  private readonly alarm = new Alarm();
  private readonly store: ExecutionStore;
  private readonly clock: Clock;
  private abandoned = false;

  constructor(store: ExecutionStore, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  now(): number {
    return this.clock().getTime();
  }

  get(arn: string): Execution | undefined {
    return this.store.get(arn);
  }

  list(): Execution[] {
    return this.store.list();
  }

  create(execution: Execution): Execution {
    return this.store.save(execution);
  }

  apply(execution: Execution, change: Change): Execution {
    const next = this.store.save(spendToken(execution, { ...execution, ...change }));
    this.alarm.wake(execution.arn);
    return next;
  }

  /** Resolves when the execution is somewhere else than in `execution`, or a deadline of it has passed. */
  async changed(execution: Execution): Promise<void> {
    for (let current = this.get(execution.arn); this.isAt(current, execution); current = this.get(execution.arn)) {
      const { taskDeadline, heartbeatDeadline, progress } = current.state;
      const until = progress.phase === 'pausing' ? progress.until : undefined;
      const times = [current.deadline, until, taskDeadline, heartbeatDeadline];
      if (times.some((time) => time !== undefined && time <= this.now())) return;
      await this.alarm.sleep(execution.arn, this.now(), times);
    }
  }

  private isAt(current: Execution | undefined, expected: Execution): current is Execution {
    if (this.abandoned || current?.status !== 'RUNNING') return false;
    return current.state.progress === expected.state.progress;
  }

  /** Nobody waits any more; what is stored is what the next start finds. */
  abandon(): void {
    this.abandoned = true;
    this.alarm.wakeAll();
  }
}
