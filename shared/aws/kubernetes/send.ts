import { Buffer } from 'node:buffer';
import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { KubernetesConnection } from '../../contracts/config/connection.ts';
import type { ApiCall } from '../../connectors/kubernetes/api.ts';

/** What came over the wire, or where it stopped. `sent`: the request may have reached the server. */
export type Sent =
  | { readonly kind: 'received'; readonly status: number; readonly contentType: string; readonly bytes: Buffer }
  | { readonly kind: 'too_large'; readonly status: number }
  | { readonly kind: 'failed'; readonly sent: boolean; readonly why: string };

/** Connections kept open for each server and authority. A changed authority is another agent, so an old connection is not used on. */
const agents = new Map<string, Agent>();
/** As many as there are connections in use at once in one warm function; past it the old ones are closed. */
const MAX_AGENTS = 50;

function agentFor({ server, certificateAuthority }: KubernetesConnection): Agent {
  const key = `${server}\n${certificateAuthority}`;
  const known = agents.get(key);
  if (known !== undefined) return known;
  if (agents.size >= MAX_AGENTS) forgetAgents();
  const agent = new Agent({
    // This authority and no other: the public ones that Node brings do not vouch for the server.
    ca: certificateAuthority,
    minVersion: 'TLSv1.2',
    keepAlive: true,
    maxSockets: 16,
    timeout: 60_000,
  });
  agents.set(key, agent);
  return agent;
}

/** Closes what is kept open. */
export function forgetAgents(): void {
  for (const agent of agents.values()) agent.destroy();
  agents.clear();
}

/** Sends one request and reads its answer, no further than `responseBytes`. Redirects are answers. Never rejects. */
export function send(call: ApiCall, token: string): Promise<Sent> {
  const { connection, method, target, accept, body, timeoutSeconds } = call;
  return new Promise((resolve) => {
    let sent = false;
    const headers = {
      accept,
      authorization: `Bearer ${token}`,
      'user-agent': 'countersign',
      ...(body === undefined ? {} : { 'content-type': body.contentType, 'content-length': body.bytes.byteLength }),
    };
    const signal = AbortSignal.timeout(timeoutSeconds * 1_000);
    const options = { agent: agentFor(connection), method, headers, signal };
    const request = httpsRequest(connection.server + target, options, (response) => {
      void collect(response, connection.responseBytes).then(resolve);
    });
    request.on('socket', (socket) => {
      // A connection that was open already takes the bytes at once; on a new one nothing leaves before the handshake.
      if (socket.connecting) socket.once('secureConnect', () => (sent = true));
      else sent = true;
    });
    request.on('error', (error) => {
      resolve({ kind: 'failed', sent, why: signal.aborted ? `no answer within ${timeoutSeconds} s` : nameOf(error) });
    });
    request.end(body?.bytes);
  });
}

async function collect(response: IncomingMessage, most: number): Promise<Sent> {
  const status = response.statusCode ?? 0;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const incoming: AsyncIterable<Uint8Array> = response;
    for await (const bytes of incoming) {
      size += bytes.byteLength;
      if (size > most) {
        response.destroy();
        return { kind: 'too_large', status };
      }
      chunks.push(bytes);
    }
    return {
      kind: 'received',
      status,
      contentType: response.headers['content-type'] ?? '',
      bytes: Buffer.concat(chunks),
    };
  } catch (error) {
    return { kind: 'failed', sent: true, why: error instanceof Error ? nameOf(error) : 'unknown error' };
  }
}

/** The operating system's or OpenSSL's code; messages may name addresses. */
const nameOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name);
