import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Surroundings } from '../gateway/runtime.ts';
import { environment } from '../platform/environment.ts';
import { createLog } from '../platform/logger.ts';
import { s3Client } from './clients.ts';
import { counting } from './counting-log.ts';
import { createMetrics } from './metrics.ts';
import { createRuntimeSource, type EngineOf } from './runtime-source.ts';
import { drawSpans } from './xray.ts';

/** What every function has: the configuration in force, a clock, chance, a log, and a count of what happens. */
export function worldWith(engineOf: EngineOf): Surroundings {
  drawSpans();
  const clock = () => new Date();
  const metrics = createMetrics();
  const log = counting(createLog(), metrics);
  const place = {
    client: s3Client(),
    bucket: environment.configBucket(),
    key: environment.configKey(),
    maxAgeSeconds: environment.configMaxAgeSeconds(),
  };
  return {
    runtime: createRuntimeSource(place, clock, log, engineOf),
    clock,
    nonce: () => randomUUID().replaceAll('-', ''),
    sleep: async (ms) => {
      await sleep(ms);
    },
    log,
    metrics,
  };
}
