import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { jsonSchema } from '../lambda/json.ts';
import { writeAtomically } from '../state.ts';

/** Where an execution stands inside one state. Written before each step is taken, so that a restart knows what was under way. */
const progressSchema = z.discriminatedUnion('phase', [
  /** The state was reached and nothing of it was done. */
  z.strictObject({ phase: z.literal('entered') }),
  /** A function was called, and its answer is not known. */
  z.strictObject({ phase: z.literal('invoking'), token: z.string().optional() }),
  /** A task token is out; the answer comes by SendTaskSuccess or SendTaskFailure. */
  z.strictObject({ phase: z.literal('waiting'), token: z.string() }),
  z.strictObject({ phase: z.literal('answered'), output: jsonSchema }),
  z.strictObject({ phase: z.literal('failed'), error: z.string(), cause: z.string() }),
  /** A Wait state, or the pause before a retry. */
  z.strictObject({ phase: z.literal('pausing'), until: z.number() }),
]);

const executionSchema = z.strictObject({
  arn: z.string(),
  name: z.string(),
  stateMachineArn: z.string(),
  input: z.string(),
  startedAt: z.number(),
  /** The machine's own TimeoutSeconds, as a time. */
  deadline: z.number().optional(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  stoppedAt: z.number().optional(),
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  state: z.strictObject({
    name: z.string(),
    input: jsonSchema,
    enteredAt: z.number(),
    /** Attempts made, one count a retrier. */
    retries: z.array(z.number()),
    taskDeadline: z.number().optional(),
    heartbeatDeadline: z.number().optional(),
    progress: progressSchema,
  }),
  /** Names of the states entered, oldest first. */
  path: z.array(z.string()).max(1_000),
  /** Digests of tokens that are spent: an answer with one of these is late (TaskTimedOut), with any other it is invalid. */
  spentTokens: z.array(z.string()).max(1_000),
});

export type Execution = z.output<typeof executionSchema>;
export type Progress = z.output<typeof progressSchema>;

/** Step Functions keeps closed executions, and with them their names, for 90 days. */
const KEPT_MILLISECONDS = 90 * 24 * 3_600_000;

/** `<state machine>.<execution>.json`, the end of the ARN. */
const fileName = (arn: string): string => `${arn.split(':').slice(-2).join('.')}.json`;

/** One file an execution. Names are checked by the front (80 characters of a safe alphabet), so they are file names. */
export class ExecutionStore {
  readonly folder: string;
  private readonly all = new Map<string, Execution>();

  constructor(folder: string, now: number) {
    this.folder = folder;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      const path = join(folder, file);
      const execution = executionSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      if (execution.stoppedAt !== undefined && execution.stoppedAt < now - KEPT_MILLISECONDS) rmSync(path);
      else this.all.set(execution.arn, execution);
    }
  }

  get(arn: string): Execution | undefined {
    return this.all.get(arn);
  }

  list(): Execution[] {
    return [...this.all.values()].sort((left, right) => right.startedAt - left.startedAt);
  }

  /** Durable when it returns. */
  save(execution: Execution): Execution {
    writeAtomically(join(this.folder, fileName(execution.arn)), JSON.stringify(execution));
    this.all.set(execution.arn, execution);
    return execution;
  }
}
