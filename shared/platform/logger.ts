import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from './log.ts';

/** JSON lines on stdout, as CloudWatch reads them. Service name and level come from POWERTOOLS_* variables. */
export function createLog(): Log {
  const logger = new Logger();
  return {
    info: (message, facts) => {
      logger.info(message, { facts: facts ?? {} });
    },
    warn: (message, facts) => {
      logger.warn(message, { facts: facts ?? {} });
    },
    error: (message, facts) => {
      logger.error(message, { facts: facts ?? {} });
    },
  };
}
