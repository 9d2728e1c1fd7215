/**
 * Runs inside a worker thread: loads one function's entry file and answers invocations, as Lambda's runtime does
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html).
 */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import type { HandlerError, Invoke, Report } from './protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

const data = z
  .object({ entry: z.string(), functionName: z.string(), functionArn: z.string(), memoryMegabytes: z.number() })
  .parse(workerData);
const inbox = z.object({ id: z.string(), event: z.string(), deadline: z.number() });

function send(report: Report): void {
  parentPort?.postMessage(report);
}

function describe(error: unknown): HandlerError {
  if (!(error instanceof Error)) return { errorType: 'Error', errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n').slice(0, 30) };
}

/** The `handler` export. nodejs24.x refuses handlers that want a callback, so this does too. */
async function loadHandler(): Promise<Handler> {
  const module: unknown = await import(data.entry);
  const handler = typeof module === 'object' && module !== null && 'handler' in module ? module.handler : undefined;
  if (!isHandler(handler)) throw new TypeError(`${data.entry} exports no function named handler`);
  if (handler.length > 2)
    throw new TypeError(`handler of ${data.entry} takes a callback, which nodejs24.x does not support`);
  return handler;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

function contextOf(invoke: Invoke): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMegabytes),
    awsRequestId: invoke.id,
    logGroupName: `/aws/lambda/${data.functionName}`,
    logStreamName: 'embedded',
    getRemainingTimeInMillis: () => Math.max(0, invoke.deadline - Date.now()),
  };
}

async function answer(handler: Handler, invoke: Invoke): Promise<void> {
  try {
    const result = await handler(JSON.parse(invoke.event), contextOf(invoke));
    const text: unknown = JSON.stringify(result);
    send({ kind: 'result', id: invoke.id, payload: typeof text === 'string' ? text : 'null' });
  } catch (error) {
    console.error(error);
    send({ kind: 'error', id: invoke.id, error: describe(error) });
  }
}

try {
  const handler = await loadHandler();
  parentPort?.on('message', (message: unknown) => void answer(handler, inbox.parse(message)));
  send({ kind: 'ready' });
} catch (error) {
  console.error(error);
  send({ kind: 'init_failed', error: describe(error) });
}
