import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { Server as TcpServer, Socket } from 'node:net';
import { StartFailure } from '../start-failure.ts';
import { gatewayMessage } from './answer.ts';
import type { HttpAnswer } from './answer.ts';

/** Answers one request, or says `false` when the request is none of its business. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export type FrontDoor = {
  /** `http://HOST:PORT` */
  readonly url: string;
  /** `https://HOST:PORT`: the same port, told apart by the first byte. Refused until `secure` has given it a certificate. */
  readonly secureUrl: string;
  readonly port: number;
  secure(tls: { readonly key: string; readonly cert: string }): void;
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
  const settings = { maxHeaderSize: LARGEST_HEAD, requestTimeout: REQUEST_MS, noDelay: true };
  const [plain, secure] = [createServer(settings), createTlsServer(settings)];
  for (const server of [plain, secure])
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void serve(handlers, request, response);
    });
  // A handshake that fails is the client's affair: a CA that it does not know, most of all.
  secure.on('tlsClientError', () => undefined);
  /** Whose first byte has not come: neither server knows of them. */
  const silent = new Set<Socket>();
  const door = createTcpServer((socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    socket.once('data', () => silent.delete(socket));
    toEither(socket, plain, secure);
  });
  await listen(door, port, host);
  const address = door.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host}:${taken}`,
    secureUrl: `https://${host}:${taken}`,
    port: taken,
    secure: (tls) => {
      secure.setSecureContext(tls);
    },
    open: (given) => {
      handlers = given;
    },
    close: () => (closing ??= close(door, [plain, secure], silent)),
  };
}

/** The first byte of a TLS record that begins a handshake (RFC 8446, 5.1); no method of HTTP begins with it. */
const HANDSHAKE = 0x16;

/**
 * One port for both, as an address on AWS is one: browsers and curl come as they always did, and kubectl, which sends no
 * token over plain http, by TLS. The byte that was looked at is put back.
 */
function toEither(socket: Socket, plain: Server, secure: Server): void {
  socket.on('error', () => {
    socket.destroy();
  });
  socket.setTimeout(REQUEST_MS, () => {
    socket.destroy();
  });
  socket.once('data', (chunk) => {
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    socket.pause();
    socket.unshift(chunk);
    (chunk[0] === HANDSHAKE ? secure : plain).emit('connection', socket);
    process.nextTick(() => socket.resume());
  });
}

async function listen(server: TcpServer, port: number, host: string): Promise<void> {
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
async function close(door: TcpServer, servers: readonly Server[], silent: ReadonlySet<Socket>): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, 1_000);
    door.close(() => {
      clearTimeout(cut);
      resolve();
    });
    for (const socket of silent) socket.destroy();
    for (const server of servers) server.closeIdleConnections();
  });
}
