import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { JsonValue } from '../../../shared/platform/json-value.ts';
import type { FunctionSpec } from './function-spec.ts';
import { parseJson } from './json.ts';
import { failure } from './protocol.ts';
import type { HandlerError, InvocationOutcome, Report, ThreadData } from './protocol.ts';
import type { Output } from './tee.ts';

/** Lambda gives module initialisation 10 s. Threads that share two cores with a compiler get three times that. */
const INIT_SECONDS = 30;
/** Lambda's limit on a synchronous response. */
const LARGEST_RESPONSE = 6 * 1024 * 1024;

type Waiting = { readonly settle: (outcome: InvocationOutcome) => void; readonly timer: NodeJS.Timeout };

/**
 * One worker thread with one function in it: what Lambda calls an execution environment. Unlike Lambda's, which takes
 * one invocation at a time, it takes several at once, so module state is shared between invocations that overlap.
 */
export class ExecutionEnvironment {
  private readonly worker: Worker;
  private readonly waiting = new Map<string, Waiting>();
  private readonly spec: FunctionSpec;
  private readonly log: Output;
  private readonly ready: Promise<HandlerError | undefined>;
  private becomeReady: (error: HandlerError | undefined) => void = () => undefined;
  /** Set when it may take no further invocation: after a timeout, a crash or a failed initialisation. */
  retired = false;

  constructor(spec: FunctionSpec, log: Output) {
    this.spec = spec;
    this.log = log;
    this.ready = new Promise((resolve) => (this.becomeReady = resolve));
    const data: ThreadData = {
      entry: spec.entry,
      functionName: spec.name,
      functionArn: spec.arn,
      memoryMegabytes: spec.memoryMegabytes,
    };
    this.worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: data,
      env: { ...spec.environment },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdout: true,
      stderr: true,
      // Bounds the JavaScript heap only; WebAssembly memory and buffers are outside it, unlike Lambda's limit.
      resourceLimits: { maxOldGenerationSizeMb: spec.memoryMegabytes },
    });
    this.listen();
  }

  get load(): number {
    return this.waiting.size;
  }

  /** Resolves when the module is loaded; a failed load is the error of every invocation that waited for it. */
  async initialise(): Promise<HandlerError | undefined> {
    const slow = {
      errorType: 'Sandbox.Timedout',
      errorMessage: `initialisation took longer than ${INIT_SECONDS} s`,
      trace: [],
    };
    const timer = setTimeout(() => {
      this.becomeReady(slow);
    }, INIT_SECONDS * 1000);
    const error = await this.ready;
    clearTimeout(timer);
    if (error !== undefined) this.retire();
    return error;
  }

  async invoke(event: JsonValue): Promise<InvocationOutcome> {
    const id = randomUUID();
    const placeholder = setTimeout(() => undefined, 0);
    const outcome = new Promise<InvocationOutcome>((settle) => this.waiting.set(id, { settle, timer: placeholder }));
    const broken = await this.initialise();
    const entry = this.waiting.get(id);
    if (broken !== undefined) this.settle(id, { ok: false, error: { ...broken, cause: 'crash' } });
    else if (entry !== undefined) this.dispatch(id, event, entry);
    return outcome;
  }

  private dispatch(id: string, event: JsonValue, entry: Waiting): void {
    const milliseconds = this.spec.timeoutSeconds * 1000;
    const timer = setTimeout(() => {
      this.timeOut(id);
    }, milliseconds);
    this.waiting.set(id, { ...entry, timer });
    this.log.write(`START RequestId: ${id}\n`);
    this.worker.postMessage({ id, event: JSON.stringify(event), deadline: Date.now() + milliseconds });
  }

  /** Lambda kills the environment. Here others may be at work in it: it takes nothing new and dies with the last of them. */
  private timeOut(id: string): void {
    const message = `${new Date().toISOString()} ${id} Task timed out after ${this.spec.timeoutSeconds.toFixed(2)} seconds`;
    this.log.write(`${message}\n`);
    this.retired = true;
    this.settle(id, failure('timeout', 'Sandbox.Timedout', message));
  }

  private settle(id: string, outcome: InvocationOutcome): void {
    const entry = this.waiting.get(id);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    this.waiting.delete(id);
    this.log.write(
      `END RequestId: ${id}${outcome.ok ? '' : ` ${outcome.error.errorType}: ${outcome.error.errorMessage}`}\n`,
    );
    entry.settle(outcome);
    if (this.retired && this.waiting.size === 0) void this.worker.terminate();
  }

  private listen(): void {
    this.worker.stdout.on('data', (chunk: Buffer) => {
      this.log.write(chunk.toString());
    });
    this.worker.stderr.on('data', (chunk: Buffer) => {
      this.log.write(chunk.toString());
    });
    this.worker.on('message', (report: Report) => {
      this.receive(report);
    });
    this.worker.on('error', (error: unknown) => {
      this.crash(error instanceof Error ? error.message : String(error));
    });
    this.worker.on('exit', (code) => {
      this.crash(`the environment exited with code ${code}`);
    });
  }

  private receive(report: Report): void {
    if (report.kind === 'ready') this.becomeReady(undefined);
    else if (report.kind === 'init_failed') this.fail(report.error);
    else if (report.kind === 'error')
      this.settle(report.id, { ok: false, error: { ...report.error, cause: 'handler' } });
    else this.settle(report.id, readPayload(report.payload));
  }

  /**
   * The module did not load. Whoever waits is told here: the thread ends by itself now, and Node may hand over its last
   * message and its exit in one turn, after which only the exit would be heard of.
   */
  private fail(error: HandlerError): void {
    this.retired = true;
    this.becomeReady(error);
    for (const id of [...this.waiting.keys()]) this.settle(id, { ok: false, error: { ...error, cause: 'crash' } });
  }

  private crash(why: string): void {
    this.fail({ errorType: 'Runtime.ExitError', errorMessage: why, trace: [] });
  }

  private retire(): void {
    this.retired = true;
    if (this.waiting.size === 0) void this.worker.terminate();
  }

  async close(): Promise<void> {
    this.crash('the stack is stopping');
    await this.worker.terminate();
  }
}

function readPayload(text: string): InvocationOutcome {
  const size = Buffer.byteLength(text);
  if (size > LARGEST_RESPONSE) {
    const message = `Response payload size (${size} bytes) exceeded maximum allowed payload size (${LARGEST_RESPONSE} bytes).`;
    return failure('handler', 'Function.ResponseSizeTooLarge', message);
  }
  return { ok: true, value: parseJson(text) };
}
