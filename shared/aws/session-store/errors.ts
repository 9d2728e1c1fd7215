import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { StoreFault } from '../../gateway/ports/session-store.ts';
import { err, type Result } from '../../platform/result.ts';

/** The condition did not hold: somebody was faster, or this is a retry of a write that had succeeded. */
export const conditionFailed = (error: unknown): boolean => error instanceof ConditionalCheckFailedException;

export function unavailable(error: unknown): { ok: false; error: StoreFault } {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  return err({ code: 'record_unavailable', message });
}

/** Runs a call; whatever it throws is a fault of the record. */
export async function guarded<T>(work: () => Promise<Result<T, StoreFault>>): Promise<Result<T, StoreFault>> {
  try {
    return await work();
  } catch (error) {
    return unavailable(error);
  }
}
