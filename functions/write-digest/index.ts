import { digestsOf } from '../../shared/aws/record.ts';
import { createLog } from '../../shared/platform/logger.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({ ...digestsOf(), clock: () => new Date(), log: createLog() });
