import { join } from 'node:path';
import type { EmbeddedService, ServiceOptions } from '../service.ts';
import { machineClock } from '../service.ts';
import type { WireProtocol, WireRequest } from '../wire/http-server.ts';
import { listen } from '../wire/http-server.ts';
import { admit } from '../wire/origin.ts';
import { accessDenied, errorResponse } from './answer.ts';
import { readRequest } from './request.ts';
import type { Answer, S3Room } from './room.ts';
import { route } from './routes.ts';
import { Storage } from './storage.ts';

/** S3 takes 5 GB in one PUT; here a body is held in memory, and a session's archive object is kilobytes. */
const maxObjectBytes = 64 * 1024 * 1024;

/**
 * S3 on files: see routes.ts for what there is. State: `stateDir/s3`. It knows no bucket policies, ACLs, encryption,
 * multipart uploads, copies or events, and says so when asked for them.
 */
export function startS3(options: ServiceOptions): Promise<EmbeddedService> {
  const { stateDir, host = '127.0.0.1', port = 0, clock = machineClock } = options;
  const storage = new Storage(join(stateDir, 's3'));
  return serve({ storage, clock }, host, port);
}

async function serve(room: S3Room, host: string, port: number): Promise<EmbeddedService> {
  const server = await listen({ host, port, maxBodyBytes: maxObjectBytes }, protocolOf(room, host)).catch(
    (error: unknown) => {
      room.storage.close();
      throw error;
    },
  );
  return {
    name: 'S3',
    endpointVariable: 'AWS_ENDPOINT_URL_S3',
    url: server.url,
    close: async () => {
      await server.close();
      room.storage.close();
    },
  };
}

function protocolOf(room: S3Room, host: string): WireProtocol {
  return {
    handle: async (request) => {
      const answer = await answerTo(room, request, host);
      return answer.ok ? answer.value : errorResponse(answer.error);
    },
    tooLarge: (limit) =>
      errorResponse({
        status: 400,
        code: 'EntityTooLarge',
        message: `Your proposed upload exceeds the ${limit} bytes that embedded S3 takes`,
      }),
    crashed: (error) => {
      console.error('S3 (embedded):', error);
      return errorResponse({ status: 500, code: 'InternalError', message: 'embedded S3 failed; see its log' });
    },
  };
}

function answerTo(room: S3Room, request: WireRequest, host: string): Promise<Answer> | Answer {
  const admitted = admit(request.headers, request.target, host);
  if (!admitted.ok) return accessDenied(admitted.error);
  const read = readRequest(request);
  return read.ok ? route(room, read.value) : read;
}
