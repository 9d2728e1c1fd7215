import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { StartFailure } from '../start-failure.ts';
import { gatewayMessage } from './answer.ts';
import type { HttpAnswer } from './answer.ts';

/** Answers one request, or says `false` when the request is none of its business. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export type FrontDoor = {
  readonly url: string;
  readonly port: number;
  /** Until it is opened, every request is answered 503. */
  open(handlers: readonly Handle[]): void;
  close(): Promise<void>;
};

/** Node refuses a larger head by itself (431); between API Gateway's 10,240 bytes and this, the HTTP API answers. */
const LARGEST_HEAD = 32 * 1024;
/** Longer than the 30 s of an integration, so that this never cuts a request which the HTTP API still serves. */
const REQUEST_MS = 60_000;

/** Takes the port first of all, so that a second copy, or another program, is noticed before anything is started. */
export async function takePort(port: number, host = '127.0.0.1'): Promise<FrontDoor> {
  let handlers: readonly Handle[] | undefined;
  const server = createServer({ maxHeaderSize: LARGEST_HEAD, requestTimeout: REQUEST_MS, noDelay: true });
  server.on('request', (request, response) => {
    void serve(handlers, request, response);
  });
  await listen(server, port, host);
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host}:${taken}`,
    port: taken,
    open: (given) => {
      handlers = given;
    },
    close: () => (closing ??= close(server)),
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new StartFailure(explain(error, port, host)));
    });
    server.listen(port, host, resolve);
  });
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): string {
  const remedy = 'Name a free one: PORT=8788 npm start';
  if (error.code === 'EADDRINUSE') return `Port ${port} on ${host} is in use, perhaps by another copy. ${remedy}`;
  if (error.code === 'EACCES') return `Port ${port} needs rights this user does not have. ${remedy}`;
  return `Port ${port} on ${host} cannot be taken: ${error.message}. ${remedy}`;
}

async function serve(
  handlers: readonly Handle[] | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (handlers === undefined) {
      send(request, response, gatewayMessage(503, 'Starting'));
      return;
    }
    for (const handle of handlers) if (await handle(request, response)) return;
    send(request, response, gatewayMessage(404, 'Not Found'));
  } catch (error) {
    if (response.destroyed) return;
    console.error(`${request.method ?? ''} ${request.url ?? ''} failed:`, error);
    if (response.headersSent) response.destroy();
    else send(request, response, gatewayMessage(500, 'Internal Server Error'));
  }
}

export function send(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  // A body that was not read to its end would be taken for the next request, so the connection goes with it.
  if (!request.complete) response.setHeader('connection', 'close');
  if (answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies);
  const bodiless = answer.status === 204 || answer.status === 304;
  const length = bodiless ? {} : { 'content-length': answer.body.length };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(request.method === 'HEAD' || bodiless ? undefined : answer.body);
}

/** Long-polls must not hold up Ctrl-C: running requests get a second, then they are cut. */
async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, 1_000);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
