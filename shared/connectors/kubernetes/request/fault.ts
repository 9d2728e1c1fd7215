import { err, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';

/** Refused before anything is judged: not a request that two readers would take for the same. */
export const refuse = (code: StatementFault['code'], message: string): Result<never, StatementFault> =>
  err({ code, message });
