import type { Ending } from '../../domain/event.ts';
import type { Wait } from '../../domain/moments.ts';
import type { Result } from '../../platform/result.ts';

export interface WorkflowFault {
  readonly code: 'workflow_unavailable';
  readonly message: string;
}

/** How the waiting ended, as the state machine hears it. Ids only: the record holds the rest. */
export interface WaitOver {
  readonly outcome: Ending;
}

/** The approval workflow (Step Functions Standard). */
export interface Workflow {
  /** Starts it once a session: a second start of the same session is success. `waits`: one to four, in order. */
  start(session: string, waits: readonly Wait[]): Promise<Result<void, WorkflowFault>>;
  /** Starts it for a session that nobody is asked about: tells who was skipped, and how it ended. Also once. */
  tell(session: string): Promise<Result<void, WorkflowFault>>;
  /** Wakes it. A token that is closed or timed out counts as delivered: the decision is on record before this is called. */
  wake(taskToken: string, over: WaitOver): Promise<Result<void, WorkflowFault>>;
}
