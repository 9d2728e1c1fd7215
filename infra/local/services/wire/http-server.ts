import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

export interface WireRequest {
  readonly method: string;
  /** Path and query exactly as sent: S3 keys may hold `..` and `//`, which a URL parser would tidy away. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** What a service answers with when the request never reaches an operation, in its own error shape. */
export interface WireProtocol {
  handle(request: WireRequest): Promise<WireResponse>;
  tooLarge(limit: number): WireResponse;
  crashed(error: unknown): WireResponse;
}

export interface WireServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A request head larger than this is refused by node with 431. S3 allows 8 KB of headers, and keys 1,024 bytes. */
const maxHeaderBytes = 16 * 1024;
/** Long enough for 64 MiB over loopback on a busy machine, short enough that a stuck client cannot pile up. */
const requestTimeoutMs = 60_000;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly maxBodyBytes: number;
  /** PEM. With it the server speaks TLS alone. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Listens on `host:port` and hands every request over whole. @throws when the port is taken. */
export async function listen(options: ListenOptions, protocol: WireProtocol): Promise<WireServer> {
  const settings = { maxHeaderSize: maxHeaderBytes, requestTimeout: requestTimeoutMs, noDelay: true };
  const { tls } = options;
  const server =
    tls === undefined ? createServer(settings) : createTlsServer({ ...settings, key: tls.key, cert: tls.cert });
  server.on('request', (request, response) => {
    void serve(request, response, protocol, options.maxBodyBytes);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('an embedded service must listen on a TCP port');
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const scheme = tls === undefined ? 'http' : 'https';
  return { url: `${scheme}://${host}:${address.port}`, close: () => closeServer(server) };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  protocol: WireProtocol,
  limit: number,
): Promise<void> {
  try {
    const body = await readBody(request, limit);
    const answer =
      body === undefined
        ? protocol.tooLarge(limit)
        : await protocol.handle({
            method: request.method ?? '',
            target: request.url ?? '/',
            headers: request.headers,
            body,
          });
    send(request, response, answer);
  } catch (error) {
    // A client that went away mid-body lands here too; there is nobody left to answer.
    if (!response.destroyed) send(request, response, protocol.crashed(error));
  }
}

/** The whole body, or `undefined` as soon as it is known to be too large: the rest is not kept. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function send(request: IncomingMessage, response: ServerResponse, answer: WireResponse): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  // HEAD answers name the length of what GET would send (RFC 9110, 9.3.2) and 304 has no body at all.
  const length = answer.headers['content-length'] ?? String(body.length);
  const bare = request.method === 'HEAD' || answer.status === 304 || answer.status === 204;
  const lengthHeader = answer.status === 304 || answer.status === 204 ? {} : { 'content-length': length };
  // A body that was not read to its end would be taken for the next request, so the connection goes with it.
  const closing = request.complete ? {} : { connection: 'close' };
  response.writeHead(answer.status, { ...answer.headers, ...lengthHeader, ...closing });
  response.end(bare ? undefined : body);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    // Keep-alive clients and long polls must not hold up Ctrl-C: a second for running requests, then they are cut.
    setTimeout(() => {
      server.closeAllConnections();
    }, 1_000).unref();
  });
}
