import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { machineClock } from '../services/service.ts';
import type { EmbeddedService, ServiceOptions } from '../services/service.ts';
import { awsJson } from '../services/wire/aws-json.ts';
import { listen } from '../services/wire/http-server.ts';
import { StartFailure } from '../start-failure.ts';
import { readDefinition } from './definition.ts';
import type { Definition } from './definition.ts';
import { Driver } from './driver.ts';
import type { Machine } from './driver.ts';
import { ExecutionStore } from './execution.ts';
import { Ledger } from './ledger.ts';
import { workflowOperations } from './operations.ts';
import type { Invoker } from './steps.ts';
import { runnableResource } from './task.ts';

export interface EmbeddedWorkflows extends EmbeddedService {
  /** Takes in a state machine as the template defines it, and takes up its unfinished executions. */
  deploy(machine: { readonly arn: string; readonly definition: string }, lambda: Invoker): void;
}

/** Step Functions' largest request: 1 MB (input or output of 256 KiB, escaped as JSON text inside JSON). */
const LARGEST_REQUEST = 1024 * 1024;
/** What Ctrl-C leaves to functions that the workflow is running, of the 5 s that everything has. */
const GRACE_MS = 2_000;

/** Step Functions (Standard): the operations that the gateway uses, on definitions that `definition.ts` accepts. */
export async function startWorkflows(options: ServiceOptions): Promise<EmbeddedWorkflows> {
  const { host = '127.0.0.1', port = 0, clock = machineClock } = options;
  const folder = join(options.stateDir, 'workflow', 'executions');
  mkdirSync(folder, { recursive: true });
  const ledger = new Ledger(new ExecutionStore(folder, clock().getTime()), clock);
  const machines = new Map<string, Machine>();
  const invoker = deferredInvoker();
  const driver = new Driver(ledger, invoker);
  const operations = workflowOperations({ ledger, driver, machines });
  const protocol = awsJson({
    name: 'Step Functions',
    targetPrefix: 'AWSStepFunctions',
    contentType: 'application/x-amz-json-1.0',
    host,
    operations,
  });
  const server = await listen({ host, port, maxBodyBytes: LARGEST_REQUEST }, protocol);
  let closing: Promise<void> | undefined;
  return {
    name: 'Step Functions',
    endpointVariable: 'AWS_ENDPOINT_URL_SFN',
    url: server.url,
    deploy: ({ arn, definition }, lambda) => {
      invoker.use(lambda);
      const machine = {
        arn,
        name: arn.split(':').at(-1) ?? arn,
        createdAt: clock().getTime(),
        definition: runnable(readDefinition(definition)),
      };
      machines.set(arn, machine);
      driver.resume(machine);
    },
    close: () => (closing ??= Promise.all([server.close(), driver.close(GRACE_MS)]).then(() => undefined)),
  };
}

function runnable(definition: Definition): Definition {
  for (const [name, state] of Object.entries(definition.States)) {
    if (state.Type === 'Task' && !runnableResource(state.Resource)) {
      throw new StartFailure(
        `state ${name} uses ${state.Resource}; the embedded Step Functions runs lambda:invoke only`,
      );
    }
  }
  return definition;
}

/** The functions are deployed after this service has an address, because they are told that address. */
function deferredInvoker(): Invoker & { use(invoker: Invoker): void } {
  let target: Invoker | undefined;
  return {
    use: (invoker) => {
      target = invoker;
    },
    invoke: async (functionName, payload) => {
      if (target === undefined) throw new Error('a state machine ran before its functions were deployed');
      return target.invoke(functionName, payload);
    },
  };
}
