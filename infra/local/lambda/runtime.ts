import { join } from 'node:path';
import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { FunctionSpec } from './function-spec.ts';
import { LogFile } from './log-file.ts';
import { failure } from './protocol.ts';
import type { InvocationOutcome } from './protocol.ts';
import { tee, type Output } from './tee.ts';

/** Lambda's limit on a synchronous request. */
const LARGEST_EVENT = 6 * 1024 * 1024;
/** Invocations that overlap in one thread before a second is started: enough for every long-poll of a team at one laptop. */
const INVOCATIONS_PER_ENVIRONMENT = 32;
/** Threads a function. Past 4 × 32 an invocation is throttled, as Lambda does at the limit of the account. */
const ENVIRONMENTS_PER_FUNCTION = 4;

type Deployed = {
  readonly spec: FunctionSpec;
  readonly file: LogFile;
  readonly log: Output;
  environments: ExecutionEnvironment[];
};

/**
 * Lambda for one laptop: each function in worker threads of its own, started at the first invocation (a cold start)
 * and kept warm. A thread that crashes fails its invocations; the next invocation starts another.
 */
export class LambdaRuntime {
  private readonly byArn = new Map<string, Deployed>();
  private closed = false;

  /** Every line that a function writes goes to a file in `logFolder`, and to `heard`. */
  constructor(functions: readonly FunctionSpec[], logFolder: string, heard: (line: string) => void = () => undefined) {
    for (const spec of functions) {
      const file = new LogFile(join(logFolder, `${spec.name}.log`));
      this.byArn.set(spec.arn, { spec, file, log: tee(file, heard), environments: [] });
    }
  }

  get functions(): readonly FunctionSpec[] {
    return [...this.byArn.values()].map((deployed) => deployed.spec);
  }

  /** Invokes by ARN or by name and waits for the answer. Never throws. */
  async invoke(nameOrArn: string, event: JsonValue): Promise<InvocationOutcome> {
    const deployed = this.find(nameOrArn);
    if (deployed === undefined) {
      return failure('unknown_function', 'Lambda.ResourceNotFoundException', `Function not found: ${nameOrArn}`);
    }
    if (Buffer.byteLength(JSON.stringify(event)) > LARGEST_EVENT) {
      return failure('too_large', 'Lambda.RequestTooLargeException', `the event is larger than ${LARGEST_EVENT} bytes`);
    }
    const environment = this.environmentFor(deployed);
    if (environment === undefined) return failure('throttled', 'Lambda.TooManyRequestsException', 'Rate Exceeded.');
    return environment.invoke(event);
  }

  /** Starts a function before anybody waits for it. Says why when its module does not load. */
  async prewarm(nameOrArn: string): Promise<string | undefined> {
    const deployed = this.find(nameOrArn);
    if (deployed === undefined) return `no function ${nameOrArn}`;
    const error = await this.environmentFor(deployed)?.initialise();
    return error === undefined ? undefined : `${error.errorType}: ${error.errorMessage}`;
  }

  private find(nameOrArn: string): Deployed | undefined {
    return this.byArn.get(nameOrArn) ?? [...this.byArn.values()].find((deployed) => deployed.spec.name === nameOrArn);
  }

  private environmentFor(deployed: Deployed): ExecutionEnvironment | undefined {
    if (this.closed) return undefined;
    deployed.environments = deployed.environments.filter((environment) => !environment.retired || environment.load > 0);
    const usable = deployed.environments.filter(
      (environment) => !environment.retired && environment.load < INVOCATIONS_PER_ENVIRONMENT,
    );
    const [free] = usable.sort((left, right) => left.load - right.load);
    if (free !== undefined) return free;
    if (deployed.environments.length >= ENVIRONMENTS_PER_FUNCTION) return undefined;
    const environment = new ExecutionEnvironment(deployed.spec, deployed.log);
    deployed.environments.push(environment);
    return environment;
  }

  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.byArn.values()];
    await Promise.all(all.flatMap((deployed) => deployed.environments.map((environment) => environment.close())));
    await Promise.all(all.map((deployed) => deployed.file.flush()));
  }
}
