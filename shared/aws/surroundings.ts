import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Surroundings } from '../gateway/runtime.ts';
import { environment } from '../platform/environment.ts';
import { createLog } from '../platform/logger.ts';
import { s3Client } from './clients.ts';
import { createRuntimeSource } from './runtime-source.ts';

/** What every function has: the configuration in force, a clock, chance, and a log. */
export function surroundings(): Surroundings {
  const clock = () => new Date();
  const log = createLog();
  const place = {
    client: s3Client(),
    bucket: environment.configBucket(),
    key: environment.configKey(),
    maxAgeSeconds: environment.configMaxAgeSeconds(),
  };
  return {
    runtime: createRuntimeSource(place, clock, log),
    clock,
    nonce: () => randomBytes(16).toString('hex'),
    sleep: async (ms) => {
      await sleep(ms);
    },
    log,
  };
}
