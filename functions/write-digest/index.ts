import { counting } from '../../shared/aws/counting-log.ts';
import { createMetrics } from '../../shared/aws/metrics.ts';
import { digestsOf } from '../../shared/aws/record.ts';
import { createLog } from '../../shared/platform/logger.ts';
import { createHandler } from './handler.ts';

const metrics = createMetrics();

export const handler = createHandler({
  ...digestsOf(),
  clock: () => new Date(),
  log: counting(createLog(), metrics),
  metrics,
});
