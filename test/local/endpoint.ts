import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedService } from '../../infra/local/services/service.ts';

/** What an AWS SDK client is constructed with; nothing but the endpoint is special about the embedded services. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** One attempt only: a retry would hide a wrong answer. */
export const settingsFor = (endpoint: string): ClientSettings => ({
  endpoint,
  region: process.env['AWS_REGION'] ?? 'us-east-1',
  credentials: {
    accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? 'test',
    secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
  },
  maxAttempts: 1,
});

/** What a contract suite runs against. */
export interface Endpoint {
  readonly settings: ClientSettings;
  close(): Promise<void>;
}

/** The endpoint that the environment names (LocalStack, AWS), if it does. */
export function givenEndpoint(variable: string): string | undefined {
  return process.env[variable];
}

export const outside = (url: string): (() => Promise<Endpoint>) => {
  return () => Promise.resolve({ settings: settingsFor(url), close: () => Promise.resolve() });
};

/** A service of ours on a folder that goes with it. */
export function embedded(start: (stateDir: string) => Promise<EmbeddedService>): () => Promise<Endpoint> {
  return async () => {
    const stateDir = await temporaryFolder();
    const service = await start(stateDir);
    return {
      settings: settingsFor(service.url),
      close: async () => {
        await service.close();
        await rm(stateDir, { recursive: true, force: true });
      },
    };
  };
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'countersign-'));
